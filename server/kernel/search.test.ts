import { sql } from 'drizzle-orm';
import { bigint, jsonb, PgDialect, pgTable, text } from 'drizzle-orm/pg-core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from './errors';
import {
  parseSearch,
  toCondition,
  type SearchClause,
  type SearchExpression,
  type SearchFields,
  type SearchOperator,
} from './search';

const charges = pgTable('charges', {
  amount: bigint('amount', { mode: 'number' }),
  description: text('description'),
  metadata: jsonb('metadata'),
  status: text('status'),
  card: jsonb('card'),
});

const FIELDS: SearchFields = {
  amount: { column: charges.amount, type: 'number' },
  description: { column: charges.description, type: 'string' },
  metadata: { column: charges.metadata, type: 'metadata' },
  status: { column: charges.status, type: 'token' },
  'payment_method_details.card.last4': {
    expression: sql`${charges.card} ->> 'last4'`,
    type: 'token',
  },
};

const toQuery = (query: string) =>
  new PgDialect().sqlToQuery(toCondition(parseSearch(query), 'charges', FIELDS));

const clause = (change: Partial<SearchClause>): SearchClause => ({
  negated: false,
  field: 'status',
  key: null,
  operator: ':',
  value: 'open',
  ...change,
});

/** What is refused, or undefined when nothing is. */
function refusal(work: () => unknown): ApiError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

const parseRefusal = (query: string) => refusal(() => parseSearch(query))?.message;
const fieldRefusal = (query: string) => refusal(() => toQuery(query))?.message;

describe('parseSearch', () => {
  it.each<[string, Partial<SearchClause>]>([
    ['email:"amy@rocketrides.io"', { field: 'email', value: 'amy@rocketrides.io' }],
    ["email:'sally@rocketrides.io'", { field: 'email', value: 'sally@rocketrides.io' }],
    ['-email:"amy@rocketrides.io"', { negated: true, field: 'email', value: 'amy@rocketrides.io' }],
    ['-currency:"jpy"', { negated: true, field: 'currency', value: 'jpy' }],
    ['email~"amy"', { field: 'email', operator: '~', value: 'amy' }],
    ['url~"/dinosaur_swag"', { field: 'url', operator: '~', value: '/dinosaur_swag' }],
    ['phone:"+19999999999"', { field: 'phone', value: '+19999999999' }],
    ['amount>1000', { field: 'amount', operator: '>', value: '1000' }],
    ['amount>="10"', { field: 'amount', operator: '>=', value: '10' }],
    ['created<1620310503', { field: 'created', operator: '<', value: '1620310503' }],
    ['total<=-5', { field: 'total', operator: '<=', value: '-5' }],
    [
      'payment_method_details.card.last4:1234',
      { field: 'payment_method_details.card.last4', value: '1234' },
    ],
    ['url:null', { field: 'url', value: null }],
    ['url:NULL', { field: 'url', value: null }],
    ['url:"null"', { field: 'url', value: 'null' }],
    [
      'metadata["donation-id"]:"asdf-jkl"',
      { field: 'metadata', key: 'donation-id', value: 'asdf-jkl' },
    ],
    ["metadata['key']:'value'", { field: 'metadata', key: 'key', value: 'value' }],
    [
      '-metadata["donation-id"]:null',
      { negated: true, field: 'metadata', key: 'donation-id', value: null },
    ],
    [
      String.raw`description:"the story called \"The Sky and the Sea.\""`,
      { field: 'description', value: 'the story called "The Sky and the Sea."' },
    ],
    [String.raw`name:'O\'Neill'`, { field: 'name', value: "O'Neill" }],
    [String.raw`name:"C:\temp\\x"`, { field: 'name', value: String.raw`C:\temp\x` }],
  ])('reads %s', (query, change) => {
    expect(parseSearch(query)).toEqual({ join: 'and', clauses: [clause(change)] });
  });

  it.each<[string, 'and' | 'or']>([
    ['status:"active" AND amount:500', 'and'],
    ['status:"active" amount:500', 'and'],
    ['status:"active" and\n amount:500', 'and'],
    ['  status:"active" OR amount:500  ', 'or'],
    ['status:"active" or amount:500', 'or'],
  ])('joins the clauses of %j with %s', (query, join) => {
    const clauses = [clause({ value: 'active' }), clause({ field: 'amount', value: '500' })];
    expect(parseSearch(query)).toEqual({ join, clauses });
  });

  it('takes and: for the name of a field', () => {
    expect(parseSearch('status:"open" and:"x"').clauses[1]).toEqual(
      clause({ field: 'and', value: 'x' }),
    );
  });

  it('reads whatever it is given printed', () => {
    fc.assert(
      fc.property(anyExpression, (expression) => {
        expect(parseSearch(print(expression))).toEqual(expression);
      }),
    );
  });

  it.each([
    '',
    '  ',
    'asdf',
    'email:',
    'email:amy',
    'email="amy"',
    'email:"amy',
    'email : "amy"',
    'email:"amy"name:"x"',
    'amount:12abc',
    'status:"open" AND',
    'OR status:"open"',
    'status:"open" AND AND amount:1',
    '(status:"open")',
    'status:"a\0b"',
    'metadata[key]:"value"',
    '--status:"open"',
  ])('refuses %j as no query', (query) => {
    expect(parseRefusal(query)).toMatch(/^We were unable to parse your search query\./);
  });

  it('says how far it understood a query', () => {
    expect(parseRefusal('status:"open" email:amy')).toMatch(/up to character 14\.$/);
  });

  it.each(['a:1 AND b:2 OR c:3', 'a:1 OR b:2 c:3'])('refuses %s, AND mixed with OR', (query) => {
    expect(parseRefusal(query)).toBe('You cannot combine `AND` and `OR` in the same search query.');
  });

  it('takes ten clauses and refuses eleven', () => {
    const ten = Array.from({ length: 10 }, () => 'a:1').join(' ');
    expect(parseSearch(ten).clauses).toHaveLength(10);
    expect(parseRefusal(`${ten} a:1`)).toContain('up to 10 clauses');
  });

  it('takes a substring of three characters and refuses one of two, counting an emoji as one', () => {
    expect(parseSearch('email~"a😀b"').clauses).toHaveLength(1);
    expect(parseRefusal('email~"😀b"')).toContain('at least 3 characters');
  });

  it.each(['email~null', 'amount>null'])('refuses %s, since null is no value', (query) => {
    expect(parseRefusal(query)).toBe('`null` can only be used with the `:` operator.');
  });

  it('takes a query of 5,000 characters and refuses one more', () => {
    expect(parseSearch(`a:"${'x'.repeat(4_996)}"`).clauses).toHaveLength(1);
    expect(parseRefusal(`a:"${'x'.repeat(4_997)}"`)).toContain('5000 characters');
  });

  it('answers a refusal with 400 and the parameter query', () => {
    expect(refusal(() => parseSearch('asdf'))).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      details: { param: 'query' },
    });
  });
});

describe('toCondition', () => {
  it.each<[string, string, unknown[]]>([
    ['status:"Open"', 'lower("charges"."status"::text) = lower($1::text)', ['Open']],
    ['status:null', '"charges"."status" is null', []],
    ['amount:5', '"charges"."amount" = $1::bigint', [5]],
    ['amount>="10"', '"charges"."amount" >= $1::bigint', [10]],
    ['amount<-3', '"charges"."amount" < $1::bigint', [-3]],
    [
      'description~"50%_\\\\"',
      String.raw`"charges"."description" ilike $1 escape '\'`,
      [String.raw`%50\%\_\\%`],
    ],
    [
      'description:" one  (two)."',
      '"charges"."description" ~* $1',
      [String.raw`(^|\s)one\s+\(two\)\.(\s|$)`],
    ],
    [
      'metadata["it\'s"]:"x"',
      'lower(("charges"."metadata" ->> $1::text)::text) = lower($2::text)',
      ["it's", 'x'],
    ],
    ['metadata["k"]:null', '("charges"."metadata" ->> $1::text) is null', ['k']],
    [
      'payment_method_details.card.last4:4242',
      `lower(("charges"."card" ->> 'last4')::text) = lower($1::text)`,
      ['4242'],
    ],
  ])('turns %s into SQL', (query, condition, params) => {
    expect(toQuery(query)).toMatchObject({ sql: `((${condition}))`, params });
  });

  it('negates so that a record without the field matches', () => {
    expect(toQuery('-amount>5').sql).toBe('(("charges"."amount" > $1::bigint) is not true)');
  });

  it.each(['and', 'or'])('joins conditions with %s', (join) => {
    expect(toQuery(`amount>1 ${join} amount<9`)).toMatchObject({
      sql: `(("charges"."amount" > $1::bigint) ${join} ("charges"."amount" < $2::bigint))`,
      params: [1, 9],
    });
  });

  it.each(['foo', 'constructor', '__proto__', 'Status'])(
    'refuses the unknown field %s and names those there are',
    (field) => {
      expect(fieldRefusal(`${field}:"x"`)).toBe(
        `Field \`${field}\` is an unsupported search field for resource \`charges\`. Supported fields are: amount, description, metadata, status, payment_method_details.card.last4.`,
      );
    },
  );

  it('refuses a key in a field that has none, and metadata without a key', () => {
    expect(fieldRefusal('status["x"]:"y"')).toContain('Field `status["x"]` is an unsupported');
    expect(fieldRefusal('metadata:"y"')).toContain('needs a key');
  });

  it.each([
    'status~"open"',
    'status>1',
    'description<"abc"',
    'amount~"100"',
    'metadata["k"]~"abc"',
  ])('refuses %s, an operator the type does not have', (query) => {
    expect(fieldRefusal(query)).toMatch(/does not support the operator/);
  });

  it.each(['"ten"', '10.5', '"1e3"', '""', '"0x10"', '9007199254740992'])(
    'refuses %s for a number',
    (value) => {
      expect(fieldRefusal(`amount>${value}`)).toContain('must be compared with an integer');
    },
  );

  it('keeps every text out of the statement', () => {
    const marked = fc.string({ unit: 'grapheme' }).map((text) => `«${text.replaceAll('\0', '')}…»`);
    fc.assert(
      fc.property(marked, marked, (key, value) => {
        const quoted = quote(value);
        const query = `metadata[${quote(key)}]:${quoted} status:${quoted} description~${quoted} description:${quoted}`;
        const { sql: statement, params } = toQuery(query);
        expect(statement).not.toMatch(/[«»]/);
        expect(params).toHaveLength(5);
      }),
    );
  });

  it('answers any text with a condition or a refusal for the parameter query', () => {
    const signs = Array.from('-:~<>=[]"\'\\ \n\0a1.');
    const words = ['status', 'amount', 'metadata', 'null', 'AND', 'or'];
    const likeQueries = fc
      .array(fc.constantFrom(...signs, ...words))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(likeQueries, fc.string({ unit: 'binary' })), (query) => {
        const error = refusal(() => toQuery(query));
        if (error !== undefined) {
          expect(error).toMatchObject({ status: 400, details: { param: 'query' } });
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

// The language backwards, to hold the parser to it.

const quote = (value: string): string => `"${value.replace(/["\\]/g, String.raw`\$&`)}"`;

const print = ({ join, clauses }: SearchExpression): string =>
  clauses
    .map(({ negated, field, key, operator, value }) =>
      [
        negated ? '-' : '',
        field,
        key === null ? '' : `[${quote(key)}]`,
        operator,
        value === null ? 'null' : quote(value),
      ].join(''),
    )
    .join(` ${join} `);

const anyText = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .map((text) => text.replaceAll('\0', ''));

const anyClause: fc.Arbitrary<SearchClause> = fc
  .record({
    negated: fc.boolean(),
    field: fc.stringMatching(/^[A-Za-z_][\w.]{0,30}$/),
    key: fc.option(anyText),
    operator: fc.constantFrom<SearchOperator>(':', '~', '>', '>=', '<', '<='),
    value: fc.option(anyText),
  })
  .filter(
    ({ operator, value }) =>
      operator === ':' || (value !== null && (operator !== '~' || Array.from(value).length >= 3)),
  );

const anyExpression: fc.Arbitrary<SearchExpression> = fc
  .record({
    join: fc.constantFrom('and' as const, 'or' as const),
    clauses: fc.array(anyClause, { minLength: 1, maxLength: 10 }),
  })
  // One clause is joined to nothing, which reads as `and`.
  .map(({ join, clauses }) => ({ join: clauses.length === 1 ? 'and' : join, clauses }));
