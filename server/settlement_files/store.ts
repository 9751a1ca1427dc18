import { rowsOf, whenGiven } from '@/db/rows';
import { charges } from '@/db/schema/charges';
import { refunds } from '@/db/schema/refunds';
import { settlement_files, settlement_lines } from '@/db/schema/settlement_files';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf } from '@/server/kernel/page';
import type { ListSettlementFiles } from './params';

export type SettlementFileRow = typeof settlement_files.$inferSelect;
export type SettlementLineRow = typeof settlement_lines.$inferSelect;
export type ChargeRow = typeof charges.$inferSelect;
export type RefundRow = typeof refunds.$inferSelect;

const rows = rowsOf(settlement_files);
export const { insert, find, findAll, update } = rows;

const lineRows = rowsOf(settlement_lines);
export const insertLine = lineRows.insert;

const chargeRows = rowsOf(charges);
const refundRows = rowsOf(refunds);

/** How much of a charge or of a refund the processor has settled; the caller locked it. */
export function updateSettled(
  tx: Tx,
  { object, id }: { readonly object: 'charge' | 'refund'; readonly id: string },
  settled: number | null,
): void {
  if (object === 'charge') chargeRows.update(tx, { id }, { settled });
  else refundRows.update(tx, { id }, { settled });
}

export const page = (scope: Scope, params: ListSettlementFiles) =>
  pageOf<SettlementFileRow>(
    scope,
    { table: settlement_files, rows, object: 'settlement_file' },
    params,
    whenGiven(settlement_files.processor_account, params.processor_account),
  );

/** The same file, imported before. */
export async function findByDigest(
  tx: Tx,
  account: string,
  digest: string,
): Promise<SettlementFileRow | null> {
  const [values] = await tx.lookUp(
    `select ${rows.columns} from settlement_files where processor_account = $1 and digest = $2`,
    [account, digest],
    'settlement_files',
  );
  return values === undefined ? null : rows.toRow(values);
}

/** Of the account, by the processor's ids or by ours. Locked, so that they stay as they are read. */
export const chargesNamed = async (
  tx: Tx,
  account: string,
  transactions: readonly string[],
  ids: readonly string[],
): Promise<ChargeRow[]> =>
  (
    await tx.lookUp(
      `select ${chargeRows.columns} from charges
       where processor_account = $1 and (processor_transaction = any($2) or id = any($3))
       order by id for no key update`,
      [account, transactions, ids],
      'charges',
    )
  ).map(chargeRows.toRow);

/** By the processor's ids or by ours, of charges of the account. Not locked: their charges come first. */
export const refundsNamed = async (
  tx: Tx,
  account: string,
  transactions: readonly string[],
  ids: readonly string[],
): Promise<RefundRow[]> =>
  (
    await tx.lookUp(
      `select ${refundRows.columns} from refunds
       where (processor_transaction = any($2) or id = any($3)) and charge in
         (select id from charges where processor_account = $1)`,
      [account, transactions, ids],
    )
  ).map(refundRows.toRow);

/** As they are once nobody else can change them. */
export const lockRefunds = async (tx: Tx, ids: readonly string[]): Promise<RefundRow[]> =>
  ids.length === 0
    ? []
    : (
        await tx.lookUp(
          `select ${refundRows.columns} from refunds where id = any($1)
           order by id for no key update`,
          [ids],
          'refunds',
        )
      ).map(refundRows.toRow);

/** What was read about a charge, or about a refund of it, in order. */
export const linesAbout = async (
  tx: Tx,
  { charge, refund }: { readonly charge: string; readonly refund: string | null },
): Promise<SettlementLineRow[]> =>
  (
    await tx.lookUp(
      `select ${lineRows.columns} from settlement_lines
       where ${refund === null ? 'charge' : 'refund'} = $1 order by id`,
      [refund ?? charge],
      'settlement_lines',
    )
  ).map(lineRows.toRow);

/** What of each charge was given back before it was settled, by a cancellation or a lesser capture. */
export async function unsettledRefunds(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const sums = await tx.lookUp(
    `select r.charge, sum(r.amount) from refunds r join charges c on c.id = r.charge
     where r.charge = any($1) and r.status = 'succeeded'
       and r.processor_transaction = c.processor_transaction
     group by r.charge`,
    [ids],
  );
  return new Map(sums.map(([charge, sum]) => [String(charge), Number(sum)]));
}

/** When the processor's books begin, by what was imported: in unix seconds, null for an empty one. */
const UNSETTLED = `select ${chargeRows.columns} from charges
  where processor_account = $1 and status = 'succeeded' and captured and created >= $2 and created < $3
    and not exists (select from settlement_lines l where l.charge = charges.id)
    and amount_captured > coalesce((select sum(r.amount) from refunds r where r.charge = charges.id
      and r.status = 'succeeded' and r.processor_transaction = charges.processor_transaction), 0)
    and not exists (select from reconciliation_items i
      where i.kind = 'in_our_books_only' and i.subject = charges.id)
  order by id limit $4`;

/** Charges of the account that were taken in a span of time, and that no file has named. */
export const chargesWithoutLine = async (
  tx: Tx,
  account: string,
  { from, until, limit }: { from: number; until: number; limit: number },
): Promise<ChargeRow[]> =>
  (await tx.lookUp(UNSETTLED, [account, from, until, limit])).map(chargeRows.toRow);
