/**
 * The lines of a file against our books. What agrees is noted, what does not is put before a person,
 * and an attempt whose answer was lost is found out: what a processor settles, it has done.
 */
import { findBalanceTransactions, type BalanceTransactionRow } from '@/server/balance_transactions';
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { decide, findAttempts, type AttemptRow } from '@/server/processor_attempts';
import type { Outcome } from '@/server/processor/processor';
import { closeDifference, raise, type Difference } from '@/server/reconciliation_items';
import { compare, type Ours } from './compare';
import { linesOf, type SettledLine } from './lines';
import { settle } from './settle';
import * as store from './store';
import type { ChargeRow, RefundRow, SettlementFileRow } from './store';

type Tally = Pick<SettlementFileRow, 'lines' | 'matched' | 'differences'>;

/** Lines looked up at once. */
const BATCH = 500;

const DAY_S = 24 * 60 * 60;

/** What was taken within a day of the settlement may be in the next one. */
const GRACE_S = DAY_S;

/** Charges that no file names, raised by one import: whoever has more has another problem. */
const MISSING_MAX = 1_000;

/** @throws NotCsv for what is no such file; then nothing of it is kept. */
export async function importLines(
  tx: Tx,
  file: SettlementFileRow,
  content: string,
): Promise<Tally> {
  const tally = { lines: 0, matched: 0, differences: 0 };
  const span = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  const take = async (batch: readonly SettledLine[]): Promise<void> => {
    const differences = await importBatch(tx, file, batch);
    tally.lines += batch.length;
    tally.matched += batch.length - differences;
    tally.differences += differences;
    for (const { date } of batch) {
      if (date === null) continue;
      span.first = Math.min(span.first, date);
      span.last = Math.max(span.last, date);
    }
  };
  let batch: SettledLine[] = [];
  for (const line of linesOf(content)) {
    batch.push(line);
    if (batch.length < BATCH) continue;
    await take(batch);
    batch = [];
  }
  await take(batch);
  if (Number.isFinite(span.first)) await raiseMissing(tx, file, span);
  return tally;
}

/** Answers how many of the lines differ. */
async function importBatch(
  tx: Tx,
  file: SettlementFileRow,
  batch: readonly SettledLine[],
): Promise<number> {
  if (batch.length === 0) return 0;
  const books = await booksFor(tx, file.processor_account, batch);
  let differences = 0;
  for (const line of batch) {
    const { ours, attempt } = books.about(line);
    const open = attempt?.status === 'pending' && isDone(line) ? attempt : null;
    store.insertLine(tx, {
      id: newId('settlement_line'),
      settlement_file: file.id,
      line: line.line,
      transaction: line.transaction,
      reference: line.reference,
      action: line.action,
      state: line.state,
      amount: line.amount,
      currency: line.currency,
      // A payment that is still open makes its charge when it is found out, by this id.
      charge: ours?.object === 'charge' ? ours.id : chargeToCome(open),
      refund: ours?.object === 'refund' ? ours.id : null,
    });
    // An attempt that is still open is found out, and no difference: what it led to is yet to come,
    // and is settled then (`settleFound`).
    if (open !== null) {
      decide(tx, open, settled(line));
      continue;
    }
    if (ours?.object === 'charge') await closeDifference(tx, 'in_our_books_only', ours.id);
    if (await enter(tx, file, line, ours, books)) differences += 1;
  }
  return differences;
}

const chargeToCome = (attempt: AttemptRow | null): string | null =>
  attempt === null || attempt.refund !== null ? null : attempt.charge;

/** Moves what is settled in the books. Answers whether the line differs from them. */
async function enter(
  tx: Tx,
  file: Pick<SettlementFileRow, 'id' | 'processor_account'>,
  line: Omit<SettledLine, 'date'>,
  ours: Ours | null,
  books: Books,
): Promise<boolean> {
  const movement = books.movementOf(ours);
  if (ours !== null && movement !== null) {
    const after = settle(tx, line, ours, movement);
    if (after !== ours.settled) {
      store.updateSettled(tx, ours, after);
      books.note({ ...ours, settled: after });
    }
  }
  const kind = compare(line, ours);
  if (kind !== null) await raise(tx, { ...differenceOf(file, line, ours), kind });
  return kind !== null;
}

/** What of ours lines are about, locked, and as they leave it. */
interface Books {
  about(line: Omit<SettledLine, 'date'>): {
    readonly ours: Ours | null;
    readonly attempt: AttemptRow | null;
  };
  movementOf(ours: Ours | null): BalanceTransactionRow | null;
  note(ours: Ours): void;
}

/** By the processor's id, and else by the reference. */
async function booksFor(
  tx: Tx,
  account: string,
  batch: readonly Pick<SettledLine, 'transaction' | 'reference'>[],
): Promise<Books> {
  const transactions = batch.map(({ transaction }) => transaction);
  const attempts = new Map(
    (
      await findAttempts(
        tx,
        batch.flatMap(({ reference }) => reference ?? []),
      )
    )
      .filter(({ processor_account }) => processor_account === account)
      .map((attempt) => [attempt.id, attempt]),
  );
  const named = [...attempts.values()];
  const known = await store.refundsNamed(
    tx,
    account,
    transactions,
    named.flatMap(({ refund }) => refund ?? []),
  );
  // Whoever locks a charge and its refunds locks the charge first.
  const charges = await store.chargesNamed(tx, account, transactions, [
    ...named.flatMap(({ charge, refund }) => (refund === null && charge !== null ? [charge] : [])),
    ...known.map(({ charge }) => charge),
  ]);
  const refunds = await store.lockRefunds(
    tx,
    known.map(({ id }) => id),
  );
  const given = await store.unsettledRefunds(
    tx,
    charges.map(({ id }) => id),
  );
  const ours = new Map(
    [
      ...charges.map((charge) => ofCharge(charge, given.get(charge.id) ?? 0)),
      ...refunds.map(ofRefund),
    ].map((one) => [one.id, one]),
  );
  const movements = new Map(
    (
      await findBalanceTransactions(
        tx,
        [...ours.values()].flatMap(({ movement }) => movement ?? []),
      )
    ).map((movement) => [movement.id, movement]),
  );
  return {
    about(line) {
      const attempt = attempts.get(line.reference ?? '') ?? null;
      const isAbout = (row: ChargeRow | RefundRow): boolean =>
        row.processor_transaction === line.transaction;
      // A refund before the settlement has the id of its charge: only money on its way back is a line.
      const row = line.action.startsWith('REFUND')
        ? (refunds.find(isAbout) ?? refunds.find(({ id }) => id === attempt?.refund))
        : (charges.find(isAbout) ?? charges.find(({ id }) => id === attempt?.charge));
      return { ours: ours.get(row?.id ?? '') ?? null, attempt };
    },
    movementOf: (one) => movements.get(one?.movement ?? '') ?? null,
    note: (one) => ours.set(one.id, one),
  };
}

/**
 * A settlement file has found out an attempt, and what that made or moved stands in our books now: it
 * is settled as the files have said by then.
 */
export async function settleFound(tx: Tx, attempt: AttemptRow): Promise<void> {
  const { charge, refund, processor_account } = attempt;
  if (charge === null || processor_account === null) return;
  const lines = await store.linesAbout(tx, { charge, refund });
  if (lines.length === 0) return;
  const books = await booksFor(tx, processor_account, [
    ...lines,
    { transaction: '', reference: attempt.id },
  ]);
  for (const line of lines) {
    const { ours } = books.about(line);
    await enter(tx, { id: line.settlement_file, processor_account }, line, ours, books);
  }
}

const isDone = ({ state }: SettledLine): boolean => state === 'accepted' || state === 'deferred';

const ofCharge = (charge: ChargeRow, givenBack: number): Ours => ({
  object: 'charge',
  id: charge.id,
  amount: charge.amount_captured - givenBack,
  currency: charge.currency,
  isMoved: charge.status === 'succeeded' && charge.captured,
  settled: charge.settled,
  movement: charge.balance_transaction,
  state: charge.status === 'succeeded' && !charge.captured ? 'uncaptured' : charge.status,
});

const ofRefund = (refund: RefundRow): Ours => ({
  object: 'refund',
  id: refund.id,
  amount: refund.amount,
  currency: refund.currency,
  isMoved: refund.status === 'succeeded',
  settled: refund.settled,
  movement: refund.balance_transaction,
  state: refund.status,
});

const settled = ({ transaction }: SettledLine): Outcome => ({
  kind: 'approved',
  transaction,
  authorization_code: null,
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
});

/** By its transaction: the same difference in a later file is the same difference. */
const differenceOf = (
  file: Pick<SettlementFileRow, 'id' | 'processor_account'>,
  line: Omit<SettledLine, 'date'>,
  ours: Ours | null,
): Omit<Difference, 'kind'> => ({
  subject: `${line.action} ${line.transaction} ${line.state}`,
  processor_account: file.processor_account,
  charge: ours?.object === 'charge' ? ours.id : null,
  refund: ours?.object === 'refund' ? ours.id : null,
  transaction: line.transaction,
  amount: ours?.amount ?? null,
  processor_amount: line.amount,
  currency: line.currency,
  state: ours?.state ?? null,
  processor_state: line.state,
  settlement_file: file.id,
  line: line.line,
});

/** What we took, and the processor has not settled by the last day of the file. */
async function raiseMissing(
  tx: Tx,
  file: SettlementFileRow,
  { first, last }: { first: number; last: number },
): Promise<void> {
  const missing = await store.chargesWithoutLine(tx, file.processor_account, {
    from: first - DAY_S,
    until: last - GRACE_S,
    limit: MISSING_MAX,
  });
  for (const charge of missing) {
    await raise(tx, {
      kind: 'in_our_books_only',
      subject: charge.id,
      processor_account: file.processor_account,
      payment_intent: charge.payment_intent,
      charge: charge.id,
      transaction: charge.processor_transaction,
      amount: charge.amount_captured,
      currency: charge.currency,
      state: charge.status,
      settlement_file: file.id,
    });
  }
}
