/**
 * A business of some size, made in seconds: what the API made once is copied by SQL, with other ids,
 * amounts and days. More happens from month to month, over thirteen months, so that there is a year
 * to look at.
 */
import type postgres from 'postgres';
import { bodyPrefix, columnsOf } from '../site';

export interface Seeded {
  readonly sql: postgres.Sql;
  readonly projectId: number;
}

export interface Sizes {
  readonly customers: number;
  /** Payments, each with its charge, its movement of the balance, and an event. */
  readonly payments: number;
}

const DAY_SECONDS = 24 * 60 * 60;
const SPAN_SECONDS = 400 * DAY_SECONDS;

/** Every so many is one that was refused, and another that was given back in part. */
const REFUSED_EACH = 23;
const REFUNDED_EACH = 31;

/** By column, the expression that a copy has instead; `n` counts the copies, `template` is the row. */
type Overrides = Readonly<Record<string, string>>;

interface Copies {
  readonly table: string;
  /** Which row is copied. */
  readonly where: string;
  /** Numbers of the copies, as a condition on `n`. */
  readonly numbers?: string;
  readonly count: number;
  readonly overrides: Overrides;
}

async function copy({ sql, projectId }: Seeded, copies: Copies): Promise<void> {
  const { table, where, numbers = 'true', count, overrides } = copies;
  const names = (await columnsOf(sql, table)).map(({ name }) => name);
  const selected = names.map((name) => overrides[name] ?? `template."${name}"`);
  await sql.begin(async (transaction) => {
    // What is copied points at what was copied: to look each of them up would take most of the time.
    await transaction`set local session_replication_role = replica`;
    await transaction.unsafe(`
      insert into ${table} (${names.map((name) => `"${name}"`).join(', ')})
      select ${selected.join(', ')}
      from (select * from ${table} where project_id = ${projectId} and not livemode and ${where}
        order by id limit 1) template,
        generate_series(1, ${count}) n where ${numbers}`);
  });
  await sql.unsafe(`vacuum analyze ${table}`);
}

/** When the n-th of `count` happened, as SQL: ever more often, and at any time of the day. */
const happened = (count: number, now: number): string =>
  `(${now - SPAN_SECONDS} + ${SPAN_SECONDS} * sqrt(n::float8 / ${count}) * 0.999
    - mod(abs(hashint4(n)), ${DAY_SECONDS}) * (n < ${count})::int)::bigint`;

/** An amount as SQL: most are small. */
const AMOUNT = '(500 + mod(abs(hashint4(n + 7)), 90) * 50 + (mod(n, 17) = 0)::int * 12000)';

/** How the ids that are made here look, of each prefix. Higher numbers are newer. */
export const seededId = (prefix: string, body: string, n: number): string =>
  `${prefix}_${body}${String(n).padStart(15, '0')}`;

const id = (prefix: string, body: string): string =>
  `'${prefix}_${body}' || lpad(n::text, 15, '0')`;

/** A month ago: what is made while one looks is newer. */
export const seededBody = (now: number): string =>
  bodyPrefix(new Date((now - 30 * DAY_SECONDS) * 1_000));

/**
 * Fills the project. It must hold a customer, a payment of theirs that succeeded, and one that was
 * refused: see `examples`.
 *
 * @param now unix seconds.
 */
export async function seed(
  site: Seeded,
  { customers, payments }: Sizes,
  now: number,
): Promise<void> {
  const body = seededBody(now);
  await copy(site, {
    table: 'customers',
    where: "status = 'active'",
    count: customers,
    overrides: {
      id: id('cus', body),
      name: "(array['Ada','Grace','Alan','Katherine','Edsger','Barbara','Donald','Radia'])[1 + mod(n, 8)] || ' ' || (array['Lovelace','Hopper','Turing','Johnson','Dijkstra','Liskov','Knuth','Perlman'])[1 + mod(n / 8, 8)] || ' ' || n",
      email: "'customer-' || n || '@example.com'",
      invoice_prefix: "lpad(upper(to_hex(n)), 8, '0')",
      created: happened(customers, now),
    },
  });
  const customer = `'cus_${body}' || lpad((1 + mod(n, ${customers}))::text, 15, '0')`;
  const created = happened(payments, now);
  const isRefused = `mod(n, ${REFUSED_EACH}) = 0`;
  const common = { customer, created, amount: AMOUNT };
  for (const [where, numbers] of [
    ["status = 'succeeded'", `not ${isRefused}`],
    ["status = 'requires_payment_method' and last_payment_error is not null", isRefused],
  ] as const) {
    await copy(site, {
      table: 'payment_intents',
      where,
      numbers,
      count: payments,
      overrides: {
        ...common,
        id: id('pi', body),
        latest_charge: id('ch', body),
        client_secret: "'secret' || n",
        description: "(array['Membership','Gift card','Order','Workshop'])[1 + mod(n, 4)]",
        ...(numbers === isRefused ? {} : { amount_received: AMOUNT }),
      },
    });
  }
  for (const [where, numbers] of [
    ["status = 'succeeded'", `not ${isRefused}`],
    ["status = 'failed'", isRefused],
  ] as const) {
    await copy(site, {
      table: 'charges',
      where,
      numbers,
      count: payments,
      overrides: {
        ...common,
        id: id('ch', body),
        payment_intent: id('pi', body),
        ...(numbers === isRefused
          ? {}
          : { amount_captured: AMOUNT, balance_transaction: id('txn', body) }),
      },
    });
  }
  await copy(site, {
    table: 'balance_transactions',
    where: "type = 'charge'",
    numbers: `not ${isRefused}`,
    count: payments,
    overrides: {
      id: id('txn', body),
      source: id('ch', body),
      amount: AMOUNT,
      net: `${AMOUNT} - template.fee`,
      created,
      available_on: `${created} + ${2 * DAY_SECONDS}`,
    },
  });
  await copy(site, {
    table: 'balance_transactions',
    where: "type = 'charge'",
    numbers: `mod(n, ${REFUNDED_EACH}) = 0 and not ${isRefused}`,
    count: payments,
    overrides: {
      id: id('txn', bodyPrefix(new Date((now - 29 * DAY_SECONDS) * 1_000))),
      type: "'refund'",
      reporting_category: "'refund'",
      source: id('re', body),
      amount: `- ${AMOUNT} / 2`,
      fee: '0',
      net: `- ${AMOUNT} / 2`,
      created,
    },
  });
  await copy(site, {
    table: 'events',
    where: "type = 'payment_intent.succeeded'",
    count: payments,
    overrides: { id: id('evt', body), related_object: id('pi', body), created },
  });
  // What is older than their mark the figures would never look at: they begin again.
  for (const table of ['figures', 'figure_marks', 'subscription_values']) {
    await site.sql`delete from ${site.sql(table)} where project_id = ${site.projectId}`;
  }
}
