/**
 * A payout takes money out of the balance, on its way to the merchant's bank.
 * https://docs.stripe.com/api/payouts
 *
 * In live mode it is the acquirer who pays. A payout there is the record of it, and `report`, which
 * is ours, tells what became of it; in test mode it arrives by itself.
 */
import { balanceIn, post } from '@/server/balance_transactions';
import type { Tx } from '@/server/kernel/context';
import { invalidState, resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { assertAmount } from '@/server/kernel/money';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { arrive, cancel as cancelPayout, fail, PENDING_FOR, send } from './conclude';
import { payout } from './lifecycle';
import { toPayout } from './object';
import {
  CreatePayout,
  ListPayouts,
  PayoutId,
  ReportPayout,
  ReversePayout,
  UNSUPPORTED,
  UNSUPPORTED_ON_LIST,
  UpdatePayout,
} from './params';
import * as store from './store';

const DAY = 24 * 60 * 60;

export const create = command({
  route: 'POST /v1/payouts',
  summary: 'Pays out a part of the available balance.',
  input: CreatePayout,
  unsupported: UNSUPPORTED,
  async run(tx, { amount, currency, description, metadata, statement_descriptor }) {
    assertAmount(amount, currency);
    store.inTurn(tx);
    const { available } = await balanceIn(tx, currency);
    if (available < amount) throw insufficient(tx);
    const now = unix(tx.now);
    const id = newId('payout');
    const text = description ?? null;
    const posted = await post(tx, {
      kind: 'payout',
      amount,
      currency,
      source: id,
      description: text,
    });
    const row = store.insert(tx, {
      id,
      status: 'pending',
      amount,
      arrival_date: now - (now % DAY) + (tx.livemode ? DAY : 0),
      balance_transaction: posted.id,
      currency,
      description: text,
      due_at: tx.livemode ? null : now + PENDING_FOR,
      failure_balance_transaction: null,
      failure_code: null,
      failure_message: null,
      metadata: mergeMetadata({}, metadata),
      original_payout: null,
      reversed_by: null,
      statement_descriptor: statement_descriptor ?? null,
      created: now,
    });
    await tx.announce('payout.created', toPayout(row));
    return toPayout(row);
  },
});

const insufficient = ({ livemode }: Tx) =>
  invalidState(
    `You have insufficient funds available for this payout.${
      livemode
        ? ''
        : ' Charges of the card 4000000000000077 are available at once, those of other cards after two days.'
    }`,
    'balance_insufficient',
  );

export const retrieve = query({
  route: 'GET /v1/payouts/:id',
  summary: 'Retrieves a payout.',
  input: PayoutId,
  run: async (scope, { id }) => toPayout(expectFound(await store.find(scope, id), id)),
});

export const list = query({
  route: 'GET /v1/payouts',
  summary: 'Lists payouts, the newest first.',
  input: ListPayouts,
  unsupported: UNSUPPORTED_ON_LIST,
  run: async (scope, params) => toPage(await store.page(scope, params), toPayout),
});

export const update = command({
  route: 'POST /v1/payouts/:id',
  summary: 'Changes the metadata of a payout.',
  input: UpdatePayout,
  async run(tx, { id, metadata }) {
    const before = expectFound(await store.lock(tx, id), id);
    const row = store.update(tx, before, { metadata: mergeMetadata(before.metadata, metadata) });
    await tx.announce('payout.updated', toPayout(row), toPayout(before));
    return toPayout(row);
  },
});

export const cancel = command({
  route: 'POST /v1/payouts/:id/cancel',
  summary: 'Cancels a payout that has not been sent yet.',
  input: PayoutId,
  async run(tx, { id }) {
    const row = expectFound(await store.lock(tx, id), id);
    if (!payout.allows(row.status, 'cancel')) {
      throw invalidState(
        `Payouts can only be canceled while they are pending. This payout's status is ${row.status}.`,
        'payout_not_cancelable',
      );
    }
    return toPayout(await cancelPayout(tx, row));
  },
});

/** A payout of its own, below zero: the bank is asked to send back what it has. */
export const reverse = command({
  route: 'POST /v1/payouts/:id/reverse',
  summary: 'Takes a payout back that was paid, by another one of the same amount below zero.',
  input: ReversePayout,
  async run(tx, { id, metadata }) {
    const original = expectFound(await store.lock(tx, id), id);
    expectReversible(original);
    const { amount, currency, description } = original;
    const now = unix(tx.now);
    const reversal = newId('payout');
    const posted = await post(tx, {
      kind: 'payout_reversal',
      amount,
      currency,
      source: reversal,
      description,
    });
    const row = store.insert(tx, {
      id: reversal,
      status: 'pending',
      amount: -amount,
      arrival_date: now - (now % DAY) + (tx.livemode ? DAY : 0),
      balance_transaction: posted.id,
      currency,
      description,
      due_at: tx.livemode ? null : now + PENDING_FOR,
      failure_balance_transaction: null,
      failure_code: null,
      failure_message: null,
      metadata: mergeMetadata({}, metadata),
      original_payout: original.id,
      reversed_by: null,
      statement_descriptor: original.statement_descriptor,
      created: now,
    });
    await tx.announce('payout.created', toPayout(row));
    const reversed = store.update(tx, original, { reversed_by: row.id });
    await tx.announce('payout.updated', toPayout(reversed), toPayout(original));
    return toPayout(row);
  },
});

function expectReversible({ amount, reversed_by, status }: store.PayoutRow): void {
  const refuse = (message: string) => invalidState(message, 'payout_not_reversible');
  if (amount < 0) throw refuse('This payout takes another one back: it cannot be reversed itself.');
  if (reversed_by !== null)
    throw refuse(`This payout has been reversed already, by ${reversed_by}.`);
  if (status === 'paid') return;
  throw refuse(
    status === 'pending'
      ? 'This payout has not been sent yet. Cancel it instead, with /v1/payouts/:id/cancel.'
      : `Only payouts that were paid can be reversed. This payout's status is ${status}.`,
  );
}

/** By what is reported: the action, and what it does. */
const REPORTS = {
  in_transit: { action: 'send', run: send },
  paid: { action: 'arrive', run: arrive },
} as const;

export const report = command({
  route: 'POST /v1/payouts/:id/report',
  summary: 'Records what became of a payout at the bank. This route is ours.',
  input: ReportPayout,
  async run(tx, { id, status, failure_code }) {
    const row = expectFound(await store.lock(tx, id), id);
    const action = status === 'failed' ? 'fail' : REPORTS[status].action;
    if (!payout.allows(row.status, action)) {
      throw invalidState(
        `This payout is ${row.status}: it cannot become ${status}.`,
        'payout_unexpected_state',
        'status',
      );
    }
    if (status === 'failed' && row.reversed_by !== null) {
      throw invalidState(
        `This payout is being reversed by ${row.reversed_by}: what becomes of the money is told of that one.`,
        'payout_unexpected_state',
        'status',
      );
    }
    return toPayout(
      status === 'failed'
        ? await fail(tx, row, failure_code ?? 'could_not_process')
        : await REPORTS[status].run(tx, row),
    );
  },
});

function expectFound(row: store.PayoutRow | null, id: string): store.PayoutRow {
  if (row === null) throw resourceMissing('payout', id);
  return row;
}
