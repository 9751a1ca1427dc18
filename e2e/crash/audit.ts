/**
 * What must be true after any number of crashes. Each line of the table is a statement, and a query
 * for the rows that contradict it; the bank's own books are `simulator_transactions`.
 */
import postgres from 'postgres';
import { contradictions as inTheBooks } from '@/db/books';
import { connect } from '@/db/client';
import type { Receiver } from '@/e2e/support/receiver';
import type { Acknowledged } from './journal';

/** How an authorization ended, by the bank's own books, beside the charge that it belongs to. */
const BOOKS = `
  select distinct on (s.transaction) a.charge, a.payment_intent, s.captured, s.refunded, s.state
  from simulator_transactions s
  join simulator_transactions opening on opening.transaction = s.transaction and opening.sequence = 1
  join processor_attempts a on a.id = opening.id
  order by s.transaction, s.sequence desc`;

const REFUNDED = `(select coalesce(sum(r.amount), 0) from refunds r
  where r.charge = c.id and r.status = 'succeeded')`;

type Invariants = Readonly<Record<string, string>>;

/** What must be true of our books by themselves. */
export const OF_OURS: Invariants = {
  'nothing waits for the processor any more': `
    select id, status from payment_intents where status = 'processing'
    union all select id, status from refunds where status = 'pending'
    union all select id, status from processor_attempts where status = 'pending'`,
  'an intent has at most one successful charge': `
    select payment_intent from charges where status = 'succeeded'
    group by payment_intent having count(*) > 1`,
  'an intent says what its charge says': `
    select i.id, i.status, i.amount_received, c.amount_captured
    from payment_intents i left join charges c on c.id = i.latest_charge
    where (i.status = 'succeeded') <> coalesce(c.captured, false)
      or i.amount_received <> coalesce(c.amount_captured, 0)
      or (i.status = 'canceled') <> coalesce(c.released, false)`,
  'the balance is what was charged less what was refunded': `
    select posted.amount, charged.amount as charged, refunded.amount as refunded
    from (select coalesce(sum(net), 0) as amount from balance_transactions) posted,
      (select coalesce(sum(amount_captured), 0) as amount from charges) charged,
      (select coalesce(sum(amount), 0) as amount from refunds where status = 'succeeded') refunded
    where posted.amount <> charged.amount - refunded.amount`,
  'every object that was made was announced once': `
    select made.id, made.type, count(e.id) from (
      select id, 'customer.created' as type from customers
      union all select id, 'payment_intent.created' from payment_intents
      union all select id, 'payment_intent.succeeded' from payment_intents where status = 'succeeded'
      union all select id, 'payment_intent.canceled' from payment_intents where status = 'canceled'
      union all select id, 'charge.succeeded' from charges where status = 'succeeded'
      union all select id, 'charge.failed' from charges where status = 'failed'
      union all select id, 'refund.created' from refunds
    ) made left join events e on e.related_object = made.id and e.type = made.type
    group by made.id, made.type having count(e.id) <> 1`,
  'every key that was used has its answer': `
    select id, status from idempotency_keys where status <> 'finished'`,
};

/** What must be true of ours and the simulated bank's together. */
export const OF_BOTH: Invariants = {
  'the bank was asked nothing that we have no record of': `
    select s.id, s.verb from simulator_transactions s
    left join processor_attempts a on a.id = s.id where a.id is null`,
  'the bank approved at most one authorization of an intent': `
    select a.payment_intent from simulator_transactions s join processor_attempts a on a.id = s.id
    where s.verb = 'authorize' and s.outcome->>'kind' = 'approved'
    group by a.payment_intent having count(*) > 1`,
  'each authorization at the bank is a charge here, to the penny, and back': `
    select coalesce(b.charge, c.id) as charge, b.captured, c.amount_captured, b.refunded
    from (${BOOKS}) b full join charges c on c.id = b.charge
    where b.charge is null or c.id is null
      or b.captured <> c.amount_captured or b.refunded <> ${REFUNDED}
      or (b.state = 'declined') <> (c.status = 'failed')`,
};

export interface Receivers {
  readonly receiver: Receiver;
  /** Of the endpoints, which all listen for everything. */
  readonly paths: readonly string[];
}

/** Answers how many events there are. Throws with all that is not as it must be. */
export async function audit(
  databaseUrl: string,
  acknowledged: readonly Acknowledged[],
  receivers: Receivers,
): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const events = await sql<HappenedRow[]>`select id, type from events`;
    const faults = [
      ...(await broken(sql, { ...OF_OURS, ...OF_BOTH })),
      ...(await booksAt(databaseUrl)),
      ...(await contradictions(sql, acknowledged)),
      ...undelivered(events, receivers),
    ];
    if (faults.length > 0) throw new Error(faults.join('\n'));
    return events.length;
  } finally {
    await sql.end();
  }
}

/** As `npm run check:books` looks through them. */
export async function booksAt(databaseUrl: string): Promise<string[]> {
  const pool = connect(databaseUrl, { max: 1, name: 'audit' });
  try {
    const found = await inTheBooks(pool);
    return found.map(({ statement, row }) => `Not true: ${statement}. ${JSON.stringify(row)}`);
  } finally {
    await pool.end();
  }
}

interface HappenedRow {
  readonly id: string;
  readonly type: string;
}

/** Sentences about the rows that contradict a statement. */
export async function broken(sql: postgres.Sql, invariants: Invariants): Promise<string[]> {
  const faults: string[] = [];
  for (const [statement, query] of Object.entries(invariants)) {
    const rows = await sql.unsafe(query);
    if (rows.length > 0) faults.push(`Not true: ${statement}. ${JSON.stringify(rows.slice(0, 5))}`);
  }
  return faults;
}

/** From these nothing leads back, so what was told must still be so. */
const FINAL = new Set(['succeeded', 'canceled']);

/** Answers that the database does not know, or knows otherwise. */
async function contradictions(
  sql: postgres.Sql,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> {
  const rows = await sql<{ id: string; status: string }[]>`
    select id, status from payment_intents
    union all select id, status from refunds
    union all select id, name from customers`;
  const statusOf = new Map(rows.map(({ id, status }) => [id, status]));
  return acknowledged.flatMap(({ key, id, status }) => {
    const now = statusOf.get(id);
    if (now === undefined) return [`Lost: ${id}, which was the answer to ${key}.`];
    return FINAL.has(status) && now !== status ? [`${id} was ${status} and is ${now}.`] : [];
  });
}

/** Events that an endpoint never got, and what it got unsigned. */
function undelivered(events: readonly HappenedRow[], { receiver, paths }: Receivers): string[] {
  const received = new Set(receiver.deliveries.map(({ path, event }) => `${path} ${event.id}`));
  return [
    ...receiver.refused.slice(0, 5),
    ...events.flatMap(({ id, type }) =>
      paths
        .filter((path) => !received.has(`${path} ${id}`))
        .map((path) => `${path} never got ${id} (${type}).`),
    ),
  ];
}
