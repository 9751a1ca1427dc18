/**
 * Stripe's search query language (https://docs.stripe.com/search#search-query-language): read into
 * clauses that know no resource, then turned into a condition by a resource's table of fields.
 *
 *     email~"amy" AND -metadata["donation-id"]:null
 *     currency:"usd" OR currency:"eur"
 *
 * What the page says in passing, or leaves open, is decided here:
 *
 * - A token equals the value, a string contains all of its words in the same order, both in any
 *   case. Words are what white space separates, so an e-mail address is one word.
 * - A negated clause matches every record that the plain clause does not, so `-email:"x"` also
 *   finds those that have no e-mail.
 * - Numbers are whole, since amounts (pence) and times (Unix seconds) are.
 * - Quotation marks may be single or double. Without them a value is a number or `null`.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { parameterInvalid, type ApiError } from './errors';

export type SearchOperator = ':' | '~' | '>' | '>=' | '<' | '<=';

export interface SearchClause {
  readonly negated: boolean;
  readonly field: string;
  /** `donation-id` in `metadata["donation-id"]`; null where there are no brackets. */
  readonly key: string | null;
  readonly operator: SearchOperator;
  /** Null for the bare word `null`, which asks whether the field is there at all. */
  readonly value: string | null;
}

export interface SearchExpression {
  readonly join: 'and' | 'or';
  /** One to ten. */
  readonly clauses: readonly SearchClause[];
}

/** As in Stripe's OpenAPI document. It also bounds what the regular expressions are given. */
const QUERY_LENGTH_MAX = 5_000;
const CLAUSES_MAX = 10;
const SUBSTRING_MIN = 3;

// PostgreSQL stores no NUL, so none can be searched for.
const QUOTED = String.raw`"(?:[^"\\\0]|\\[^\0])*"|'(?:[^'\\\0]|\\[^\0])*'`;
const BARE = String.raw`-?\d+(?:\.\d+)?|null`;
const CLAUSE = new RegExp(
  String.raw`(-)?([a-z_][\w.]*)(?:\[(${QUOTED})\])?(:|~|>=|<=|>|<)(?:(${QUOTED})|(${BARE}))`,
  'iy',
);
const SEPARATOR = /\s+(?:(and|or)\s+)?/iy;

/**
 * Reads a query.
 *
 * @throws ApiError 400 with `param: 'query'` for what is not in the language: no clause or more
 *   than ten, `AND` mixed with `OR` (a space counts as `AND`), a substring under three characters,
 *   a query over 5,000.
 */
export function parseSearch(query: string): SearchExpression {
  if (query.length > QUERY_LENGTH_MAX) {
    throw invalid(`Invalid string: must be at most ${QUERY_LENGTH_MAX} characters`);
  }
  const clauses: SearchClause[] = [];
  const joins = new Set<SearchExpression['join']>();
  const end = query.trimEnd().length;
  let position = query.length - query.trimStart().length;
  for (;;) {
    const clause = matchAt(CLAUSE, query, position);
    clauses.push(toClause(clause));
    position += clause[0].length;
    if (position >= end) break;
    const separator = matchAt(SEPARATOR, query, position);
    joins.add(separator[1]?.toLowerCase() === 'or' ? 'or' : 'and');
    position += separator[0].length;
  }
  if (joins.size > 1) {
    throw invalid('You cannot combine `AND` and `OR` in the same search query.');
  }
  if (clauses.length > CLAUSES_MAX) {
    throw invalid(
      `Search queries can have up to ${CLAUSES_MAX} clauses, but you passed in a query that has ${clauses.length} clauses.`,
    );
  }
  return { join: joins.has('or') ? 'or' : 'and', clauses };
}

function matchAt(pattern: RegExp, query: string, position: number): RegExpExecArray {
  pattern.lastIndex = position;
  const match = pattern.exec(query);
  if (match !== null) return match;
  throw invalid(
    `We were unable to parse your search query. Try using the format \`metadata["key"]:"value"\` to query for metadata or key:"value" to query for other fields. The query was understood up to character ${position}.`,
  );
}

function toClause(match: RegExpExecArray): SearchClause {
  const [, minus, field, key, operator, quoted, bare] = match;
  const value = quoted === undefined ? toBareValue(bare!) : unquote(quoted);
  if (value === null && operator !== ':') {
    throw invalid('`null` can only be used with the `:` operator.');
  }
  if (operator === '~' && Array.from(value!).length < SUBSTRING_MIN) {
    throw invalid(
      `The \`~\` operator needs a value of at least ${SUBSTRING_MIN} characters. Invalid value: ${value}`,
    );
  }
  return {
    negated: minus !== undefined,
    field: field!,
    key: key === undefined ? null : unquote(key),
    operator: operator as SearchOperator,
    value,
  };
}

const toBareValue = (bare: string): string | null => (bare.toLowerCase() === 'null' ? null : bare);

/** A backslash escapes a quotation mark or itself; before anything else it stands for itself. */
const unquote = (quoted: string): string => quoted.slice(1, -1).replace(/\\(["'\\])/g, '$1');

export type SearchFieldType = 'token' | 'string' | 'number' | 'metadata';

/** What a resource lets one search by. The types are Stripe's, and decide the operators. */
export type SearchField = { readonly type: SearchFieldType } & (
  | { readonly column: PgColumn }
  | { readonly expression: SQL }
);

/** By the name that stands in a query, such as `payment_method_details.card.last4`. */
export type SearchFields = Readonly<Record<string, SearchField>>;

interface TypeRule {
  readonly operators: readonly SearchOperator[];
  /** How a value other than null is compared. `field` is its name, for messages. */
  compare(target: SQL, operator: SearchOperator, value: string, field: string): SQL;
}

/** The cast lets flags, as in `active:"true"`, be tokens too. */
const EXACT: TypeRule = {
  operators: [':'],
  compare: (target, _operator, value) => sql`lower(${target}::text) = lower(${value}::text)`,
};

const TYPES: Readonly<Record<SearchFieldType, TypeRule>> = {
  token: EXACT,
  metadata: EXACT,
  string: {
    operators: [':', '~'],
    compare: (target, operator, value) =>
      operator === '~'
        ? sql`${target} ilike ${containing(value)} escape '\\'`
        : sql`${target} ~* ${wordsOf(value)}`,
  },
  number: {
    operators: [':', '>', '>=', '<', '<='],
    compare: (target, operator, value, field) =>
      // As bigint even against an int4, for which the number could be too great.
      sql`${target} ${sql.raw(operator === ':' ? '=' : operator)} ${toInteger(value, field)}::bigint`,
  },
};

/**
 * The condition for a WHERE clause. Every value and every metadata key is a bound parameter.
 *
 * @param resource in the plural, as in the URL: `customers`. Named in errors.
 * @throws ApiError 400 with `param: 'query'` for a field the resource does not have, an operator
 *   the field's type does not have, and a number that is none.
 */
export function toCondition(
  expression: SearchExpression,
  resource: string,
  fields: SearchFields,
): SQL {
  const conditions = expression.clauses.map((clause) => {
    const condition = matches(clause, requireField(clause, resource, fields));
    // Null is neither true nor false: `not` would lose the records that lack the field.
    return clause.negated ? sql`(${condition}) is not true` : sql`(${condition})`;
  });
  return sql`(${sql.join(conditions, sql.raw(` ${expression.join} `))})`;
}

function requireField(clause: SearchClause, resource: string, fields: SearchFields): SearchField {
  const field = Object.hasOwn(fields, clause.field) ? fields[clause.field] : undefined;
  if (field === undefined || (clause.key !== null && field.type !== 'metadata')) {
    const name = clause.key === null ? clause.field : `${clause.field}["${clause.key}"]`;
    throw invalid(
      `Field \`${name}\` is an unsupported search field for resource \`${resource}\`. Supported fields are: ${Object.keys(fields).join(', ')}.`,
    );
  }
  if (field.type === 'metadata' && clause.key === null) {
    throw invalid(
      `Field \`${clause.field}\` needs a key. Try using the format \`${clause.field}["key"]:"value"\`.`,
    );
  }
  const { operators } = TYPES[field.type];
  if (!operators.includes(clause.operator)) {
    throw invalid(
      `Field \`${clause.field}\` does not support the operator \`${clause.operator}\`. Supported operators are: ${operators.join(' ')}`,
    );
  }
  return field;
}

function matches({ field: name, key, operator, value }: SearchClause, field: SearchField): SQL {
  const column = 'column' in field ? sql`${field.column}` : sql`(${field.expression})`;
  const target = field.type === 'metadata' ? sql`(${column} ->> ${key}::text)` : column;
  return value === null
    ? sql`${target} is null`
    : TYPES[field.type].compare(target, operator, value, name);
}

const containing = (text: string): string => `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;

/** A regular expression for the words of the text, next to each other and in the same order. */
function wordsOf(text: string): string {
  const words = text.trim().split(/\s+/);
  const literal = words.map((word) => word.replace(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`));
  return String.raw`(^|\s)${literal.join(String.raw`\s+`)}(\s|$)`;
}

function toInteger(text: string, field: string): number {
  const integer = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(integer)) {
    throw invalid(`Field \`${field}\` must be compared with an integer. Invalid value: ${text}`);
  }
  return integer;
}

const invalid = (message: string): ApiError => parameterInvalid(message, 'query');
