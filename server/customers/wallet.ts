/**
 * A customer's payment methods: attached here, detached here, listed here. The methods themselves
 * are `payment_methods`' business.
 *
 * Whoever locks a customer and its methods locks the customer first.
 */
import type Stripe from 'stripe';
import { z } from 'zod';
import type { Announced } from '@/server/events';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import type { Tx } from '@/server/kernel/context';
import { lockTimeout, resourceMissing } from '@/server/kernel/errors';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';
import {
  attachTo,
  detach,
  expectAttachable,
  findPaymentMethod,
  lockPaymentMethod,
  lockPaymentMethodsOf,
  pageOfPaymentMethods,
  paymentMethodFilters,
  toPaymentMethod,
  type PaymentMethodRow,
} from '@/server/payment_methods';
import { verifiedCard } from '@/server/tokens';
import { toCustomer } from './object';
import { lockCustomer, requireCustomer } from './require';
import { defaultWithout } from './sources';
import * as store from './store';

const customer = z.string();

const AttachPaymentMethod = z.strictObject({ ...id, customer });
const DetachPaymentMethod = z.strictObject(id);
const ListPaymentMethods = z.strictObject({ ...paymentMethodFilters, customer });
const RetrievePaymentMethod = z.strictObject({ ...id, customer });

const UNSUPPORTED_ON_ATTACH = ['customer_account'] as const;

export type Checked = [
  Complete<
    Uncovered<
      Stripe.PaymentMethodAttachParams,
      typeof AttachPaymentMethod,
      typeof UNSUPPORTED_ON_ATTACH
    >
  >,
  Complete<Uncovered<Stripe.PaymentMethodDetachParams, typeof DetachPaymentMethod>>,
  Complete<Uncovered<Stripe.CustomerListPaymentMethodsParams, typeof ListPaymentMethods>>,
  Complete<Uncovered<Stripe.CustomerRetrievePaymentMethodParams, typeof RetrievePaymentMethod>>,
];

export const attachPaymentMethod = command({
  route: 'POST /v1/payment_methods/:id/attach',
  answers: 'payment_method',
  summary: 'Attaches a payment method to a customer, after its issuer was asked.',
  input: AttachPaymentMethod,
  unsupported: UNSUPPORTED_ON_ATTACH,
  run: async (tx, { id, customer }) => toPaymentMethod(await attachMethod(tx, id, customer)),
});

/**
 * Saves a payment method with a customer, after its issuer was asked. Nothing happens if it is saved
 * with this one already.
 *
 * @throws ApiError 402 when the issuer declines, 400 when it is another's or used up.
 */
export async function attachMethod(
  tx: Tx,
  id: string,
  customer: string,
): Promise<PaymentMethodRow> {
  await lockCustomer(tx, customer);
  const method = await lockPaymentMethod(tx, id, 'id');
  expectAttachable(method, customer);
  if (method.customer === customer) return method;
  return attachTo(tx, method, customer, verifiedCard(tx, method));
}

export const detachPaymentMethod = command({
  route: 'POST /v1/payment_methods/:id/detach',
  answers: 'payment_method',
  summary: 'Detaches a payment method from its customer. It cannot be used again.',
  input: DetachPaymentMethod,
  async run(tx, { id }) {
    const found = await findPaymentMethod(tx, id);
    if (found === null) throw resourceMissing('PaymentMethod', id);
    const owner = found.customer === null ? null : await store.lock(tx, found.customer);
    const method = await lockPaymentMethod(tx, id, 'id');
    // Attached or detached since it was looked at: the lock above may be on the wrong customer.
    if (method.customer !== found.customer) throw lockTimeout();
    const row = await detach(tx, method);
    if (owner !== null) await dropDefaults(tx, owner, id);
    return toPaymentMethod(row);
  },
});

export const listPaymentMethods = query({
  route: 'GET /v1/customers/:customer/payment_methods',
  answers: 'payment_method',
  summary: "Lists a customer's payment methods, the newest first.",
  input: ListPaymentMethods,
  async run(scope, params) {
    await requireCustomer(scope, params.customer, 'id');
    return toPage(await pageOfPaymentMethods(scope, params), toPaymentMethod);
  },
});

export const retrievePaymentMethod = query({
  route: 'GET /v1/customers/:customer/payment_methods/:id',
  answers: 'payment_method',
  summary: "Retrieves a customer's payment method.",
  input: RetrievePaymentMethod,
  async run(scope, { customer, id }) {
    const [row] = await Promise.all([
      findPaymentMethod(scope, id),
      requireCustomer(scope, customer, 'id'),
    ]);
    if (row?.customer !== customer) throw resourceMissing('PaymentMethod', id);
    return toPaymentMethod(row);
  },
});

/** A reaction: nothing is charged to a customer that was deleted. Its row is locked by now. */
export async function emptyWallet(tx: Tx, { object }: Announced): Promise<void> {
  if (object.id === undefined) return;
  for (const method of await lockPaymentMethodsOf(tx, object.id)) await detach(tx, method);
}

/** Nothing is charged by default to a method that cannot be used again. */
async function dropDefaults(tx: Tx, owner: store.CustomerRow, method: string): Promise<void> {
  const { invoice_settings } = owner;
  const isDefault = invoice_settings.default_payment_method === method;
  if (!isDefault && owner.default_source !== method) return;
  const row = store.update(tx, owner, {
    default_source: await defaultWithout(tx, owner, method),
    invoice_settings: isDefault
      ? { ...invoice_settings, default_payment_method: null }
      : invoice_settings,
  });
  await tx.announce('customer.updated', await toCustomer(tx, row), await toCustomer(tx, owner));
}
