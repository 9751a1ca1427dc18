/**
 * What must be true of the books of every project and mode, whatever happened. Each line of the
 * table is a statement, and a query for rows that contradict it. A query sees one moment, so what a
 * transaction does is seen whole or not at all.
 */
import type { Pool } from './client';
import { transact, type Tenant } from './scope';

/** What an account has gained from entries, by whatever they belong to. */
const gain = (account: string): string =>
  `case when '${account}' in (debit, credit)
    then case when credit = '${account}' then amount else -amount end else 0 end`;

/** How an authorization stands at the simulated bank, beside the charge that it belongs to. */
const AT_THE_BANK = `
  select distinct on (s.transaction) a.charge, s.captured, s.refunded
  from simulator_transactions s
  join simulator_transactions opening
    on opening.transaction = s.transaction and opening.sequence = 1
  join processor_attempts a on a.id = opening.id
  order by s.transaction, s.sequence desc`;

/** What the accounts of a processor have gained from each movement and what was entered after it. */
const BY_MOVEMENT = `
  select balance_transaction, sum(${gain('processor_receivable')}) as receivable,
    sum(${gain('refunds')}) as refunds, sum(${gain('settled')}) as settled
  from ledger_entries group by 1`;

const BOOKS: Readonly<Record<string, string>> = {
  'a balance transaction is the sum of its entries': `
    select t.id, t.net, coalesce(e.net, 0) as entries from balance_transactions t
    left join (
      select balance_transaction, sum(${gain('balance')}) as net from ledger_entries group by 1
    ) e on e.balance_transaction = t.id
    where t.net <> coalesce(e.net, 0)`,
  'the fee of a balance transaction is what fees have gained': `
    select t.id, t.fee, coalesce(e.fee, 0) as entries from balance_transactions t
    left join (
      select balance_transaction, sum(${gain('fees')}) as fee from ledger_entries group by 1
    ) e on e.balance_transaction = t.id
    where t.fee <> coalesce(e.fee, 0)`,
  'an entry is in the currency of its balance transaction': `
    select e.id, e.currency, t.currency as other from ledger_entries e
    join balance_transactions t on t.id = e.balance_transaction where t.currency <> e.currency`,
  'the balance that is kept ready is the sum of the entries, day by day': `
    select * from (
      select currency, available_on, sum(amount) as amount from (
        select currency, available_on, amount from balance_totals
        union all select currency, available_on, amount from balance_deltas
      ) ready group by 1, 2
    ) ready full join (
      select currency, available_on, sum(${gain('balance')}) as entered
      from ledger_entries group by 1, 2
    ) entries using (currency, available_on)
    where coalesce(amount, 0) <> coalesce(entered, 0)`,
  'what a charge has captured is posted': `
    select c.id, c.amount_captured, t.amount from charges c
    full join (
      select source, sum(amount) as amount from balance_transactions where type = 'charge' group by 1
    ) t on t.source = c.id
    where coalesce(c.amount_captured, 0) <> coalesce(t.amount, 0)
      or (c.id is null and t.source is not null)`,
  'a refund is posted when it succeeds, and posted back when it fails after that': `
    select r.id, r.status, r.amount, t.amount as posted from refunds r
    full join (
      select source, sum(amount) as amount from balance_transactions
      where type in ('refund', 'refund_failure') group by 1
    ) t on t.source = r.id
    where coalesce(t.amount, 0) <> case when r.status = 'succeeded' then -r.amount else 0 end`,
  'a charge has refunded what its refunds ask for, and released what was not captured': `
    select c.id, c.amount_refunded, r.amount from charges c
    left join (
      select charge, sum(amount) as amount from refunds
      where status not in ('failed', 'canceled') group by 1
    ) r on r.charge = c.id
    where c.amount_refunded <> coalesce(r.amount, 0)
      + case when c.captured or c.released
          then greatest(c.amount - c.amount_captured, 0) else 0 end`,
  'a processor owes what a charge has captured, less what was given up, until it is settled': `
    select c.id, c.amount_captured, c.settled, e.receivable, e.settled as entered from charges c
    full join (
      select coalesce(r.charge, t.source) as charge, sum(b.receivable) as receivable,
        -coalesce(sum(b.settled) filter (where r.id is null), 0) as settled
      from (${BY_MOVEMENT}) b join balance_transactions t on t.id = b.balance_transaction
      left join refunds r on r.id = t.source
      where t.type in ('charge', 'refund') group by 1
    ) e on e.charge = c.id
    left join (
      select r.charge, sum(r.amount) as amount from refunds r
      join charges paid on paid.id = r.charge
        and paid.processor_transaction = r.processor_transaction
      where r.status = 'succeeded' group by 1
    ) given_up on given_up.charge = c.id
    where coalesce(e.settled, 0) <> coalesce(c.settled, 0)
      or coalesce(e.receivable, 0) <> case when c.settled is null
        then coalesce(given_up.amount, 0) - c.amount_captured else 0 end`,
  'a refund is owed to a processor until it is deducted': `
    select r.id, r.amount, r.settled, e.owed, e.settled as entered from refunds r
    join (
      select t.source, sum(b.refunds) as owed, sum(b.settled) as settled
      from (${BY_MOVEMENT}) b join balance_transactions t on t.id = b.balance_transaction
      where t.type in ('refund', 'refund_failure') group by 1
    ) e on e.source = r.id
    where e.settled <> coalesce(r.settled, 0) or (r.settled is not null and e.owed <> 0)`,
  'what was settled otherwise than expected is entered as a difference': `
    select * from (
      select currency, sum(${gain('settlement_differences')}) as entered
      from ledger_entries group by 1
    ) entries full join (
      select currency, sum(difference) as difference from (
        select c.currency, c.settled - c.amount_captured + coalesce((
          select sum(r.amount) from refunds r where r.charge = c.id and r.status = 'succeeded'
            and r.processor_transaction = c.processor_transaction), 0) as difference
        from charges c where c.settled is not null
        union all
        select currency, amount - settled from refunds where settled is not null
      ) differing group by 1
    ) files using (currency)
    where coalesce(entered, 0) <> coalesce(difference, 0)`,
  'a dispute is posted when the money goes, and posted back when it comes again': `
    select d.id, d.status, d.amount, t.amount as posted from disputes d
    full join (
      select source, sum(amount) as amount from balance_transactions
      where type = 'adjustment' group by 1
    ) t on t.source = d.id
    where coalesce(t.amount, 0) <> case
      when d.status in ('needs_response', 'under_review', 'lost') then -d.amount else 0 end`,
  'a charge knows what issuers have taken back': `
    select c.id, c.withdrawn, d.amount from charges c
    left join (
      select charge, sum(amount) as amount from disputes
      where status in ('needs_response', 'under_review', 'lost') group by 1
    ) d on d.charge = c.id
    where c.withdrawn <> coalesce(d.amount, 0)
      or c.withdrawn > c.amount_captured`,
  'a payout is posted, and posted back when it fails or is canceled': `
    select p.id, p.status, p.amount, t.amount as posted from payouts p
    full join (
      select source, sum(amount) as amount from balance_transactions
      where type in ('payout', 'payout_cancel', 'payout_failure') group by 1
    ) t on t.source = p.id
    where coalesce(t.amount, 0) <> case
      when p.status in ('pending', 'in_transit', 'paid') then -p.amount else 0 end`,
  'what is paid out is on its way, or has arrived': `
    select * from (
      select currency, sum(${gain('payouts_in_transit')}) as in_transit,
        sum(${gain('bank')}) as arrived
      from ledger_entries group by 1
    ) entries full join (
      select currency, sum(amount) filter (where status in ('pending', 'in_transit')) as sent,
        sum(amount) filter (where status = 'paid') as paid
      from payouts group by 1
    ) made using (currency)
    where coalesce(in_transit, 0) <> coalesce(sent, 0) or coalesce(arrived, 0) <> coalesce(paid, 0)`,
  'the simulated bank has taken and given back what is written here': `
    select c.id, c.amount_captured, b.captured, r.amount as refunded_here, b.refunded
    from (${AT_THE_BANK}) b join charges c on c.id = b.charge
    left join (
      select charge, sum(amount) as amount from refunds where status = 'succeeded' group by 1
    ) r on r.charge = c.id
    where (b.captured <> c.amount_captured or b.refunded <> coalesce(r.amount, 0))
      and not exists (
        select from processor_attempts a where a.charge = c.id and a.status = 'pending'
      )`,
};

export interface Contradiction {
  readonly tenant: Tenant;
  /** What should be true. */
  readonly statement: string;
  /** The values of a row that says otherwise. */
  readonly row: readonly unknown[];
}

/** So many rows are shown of what contradicts one statement. */
const SHOWN = 20;

/** Looks through the books of every project, in both modes. The pool's own role must own the tables. */
export async function contradictions(pool: Pool): Promise<Contradiction[]> {
  const found: Contradiction[] = [];
  const projects = await pool<{ id: number }[]>`select id from projects order by id`;
  for (const { id } of projects) {
    for (const livemode of [false, true]) found.push(...(await ofTenant(pool, id, livemode)));
  }
  return found;
}

function ofTenant(pool: Pool, projectId: number, livemode: boolean): Promise<Contradiction[]> {
  const tenant = { projectId, livemode };
  return transact(pool, tenant, async ({ lookUp }) => {
    const found: Contradiction[] = [];
    for (const [statement, query] of Object.entries(BOOKS)) {
      const rows = await lookUp(`select * from (${query}) contradiction limit ${SHOWN}`, []);
      found.push(...rows.map((row) => ({ tenant, statement, row })));
    }
    return found;
  });
}
