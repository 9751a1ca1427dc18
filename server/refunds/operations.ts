/** Money back, of all or part of a charge. https://docs.stripe.com/api/refunds */
import type Stripe from 'stripe';
import { findSuccessful, requireCharge } from '@/server/charges';
import type { Scope, Tx } from '@/server/kernel/context';
import {
  invalidState,
  parameterMissing,
  parametersExclusive,
  resourceMissing,
} from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { command, exchange, query, type Awaiting } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { toRefund } from './object';
import {
  ChargeRefundId,
  CreateChargeRefund,
  CreateRefund,
  ListChargeRefunds,
  ListRefunds,
  RefundId,
  UpdateRefund,
} from './params';
import { reserve } from './refund';
import * as store from './store';

/** Of connected accounts, and of payments that are no cards'. */
const UNSUPPORTED = ['instructions_email', 'refund_application_fee', 'reverse_transfer'] as const;

export const create = exchange({
  route: 'POST /v1/refunds',
  summary: 'Refunds a charge, in full or in part.',
  input: CreateRefund,
  unsupported: [...UNSUPPORTED, 'customer', 'currency', 'origin'],
  intend: async (
    tx,
    { charge, payment_intent, amount, reason, metadata },
  ): Promise<Stripe.Refund | Awaiting> =>
    reserve(tx, { charge: await chargeOf(tx, charge, payment_intent), amount, reason, metadata }),
});

/** The charge to refund, named itself or through its intent. */
async function chargeOf(
  tx: Tx,
  charge: string | undefined,
  intent: string | undefined,
): Promise<string> {
  if (charge !== undefined && intent !== undefined) {
    throw parametersExclusive(['charge', 'payment_intent']);
  }
  if (charge !== undefined) return charge;
  if (intent === undefined) throw parameterMissing('charge');
  const found = await findSuccessful(tx, intent);
  if (found !== null) return found.id;
  if (!(await store.intentExists(tx, intent))) {
    throw resourceMissing('payment_intent', intent, 'payment_intent');
  }
  throw invalidState(
    `This PaymentIntent (${intent}) does not have a successful charge to refund.`,
    'payment_intent_unexpected_state',
    'payment_intent',
  );
}

/** The older spelling of the same. */
export const createForCharge = exchange({
  route: 'POST /v1/charges/:charge/refunds',
  summary: 'Refunds a charge, in full or in part.',
  input: CreateChargeRefund,
  unsupported: UNSUPPORTED,
  // In the path, the charge is what is asked for.
  intend: (tx, wish): Promise<Stripe.Refund | Awaiting> => reserve(tx, wish, 'id'),
});

export const retrieve = query({
  route: 'GET /v1/refunds/:id',
  summary: 'Retrieves a refund.',
  input: RefundId,
  run: async (scope, { id }) => toRefund(await requireRefund(scope, id)),
});

export const retrieveForCharge = query({
  route: 'GET /v1/charges/:charge/refunds/:id',
  summary: 'Retrieves a refund of a charge.',
  input: ChargeRefundId,
  async run(scope, { charge, id }) {
    const row = await requireRefund(scope, id);
    if (row.charge !== charge) throw resourceMissing('refund', id);
    return toRefund(row);
  },
});

export const list = query({
  route: 'GET /v1/refunds',
  summary: 'Lists refunds, the newest first.',
  input: ListRefunds,
  run: async (scope, params) => toPage(await store.page(scope, params), toRefund),
});

export const listForCharge = query({
  route: 'GET /v1/charges/:charge/refunds',
  summary: 'Lists the refunds of a charge, the newest first.',
  input: ListChargeRefunds,
  async run(scope, params) {
    await requireCharge(scope, params.charge, 'id');
    return toPage(await store.page(scope, params), toRefund);
  },
});

export const update = command({
  route: 'POST /v1/refunds/:id',
  summary: 'Changes the metadata of a refund.',
  input: UpdateRefund,
  async run(tx, { id, metadata }) {
    const before = await store.lock(tx, id);
    if (before === null) throw resourceMissing('refund', id);
    const row = store.update(tx, before, { metadata: mergeMetadata(before.metadata, metadata) });
    await tx.announce('refund.updated', toRefund(row), toRefund(before));
    await tx.announce('charge.refund.updated', toRefund(row), toRefund(before));
    return toRefund(row);
  },
});

export const cancel = command({
  route: 'POST /v1/refunds/:id/cancel',
  summary: 'Cancels a refund that waits for the customer.',
  input: RefundId,
  async run(tx, { id }) {
    const row = await requireRefund(tx, id);
    // Card refunds never wait for the customer; the route exists so that clients get Stripe's answer.
    throw invalidState(
      `You cannot cancel a refund with a status of ${row.status}. Only refunds with the status requires_action can be canceled.`,
      'refund_not_cancelable',
    );
  },
});

async function requireRefund(scope: Scope, id: string): Promise<store.RefundRow> {
  const row = await store.find(scope, id);
  if (row === null) throw resourceMissing('refund', id);
  return row;
}
