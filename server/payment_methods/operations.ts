/**
 * Payment methods are cards that can be charged. Their numbers are the processor's to keep: a row
 * has its token, and what may be shown. Whose they are is decided in `customers/wallet.ts`.
 * https://docs.stripe.com/api/payment_methods
 */
import type { StoredCard } from '@/db/schema/payment_methods';
import { resourceMissing, unexpectedState } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { acceptExpiry, preferNetwork } from '@/server/tokens';
import type { z } from 'zod';
import { mergeBillingDetails, peekAtTestId } from './create';
import { isSource, toPaymentMethod, toSource } from './object';
import {
  ListPaymentMethods,
  PaymentMethodId,
  UNSUPPORTED_ON_LIST,
  UNSUPPORTED_ON_UPDATE,
  UpdatePaymentMethod,
} from './params';
import * as store from './store';

export const retrieve = query({
  route: 'GET /v1/payment_methods/:id',
  summary: 'Retrieves a payment method.',
  input: PaymentMethodId,
  async run(scope, { id }) {
    const row = peekAtTestId(scope, id) ?? (await store.find(scope, id));
    if (row === null) throw resourceMissing('PaymentMethod', id);
    return toPaymentMethod(row);
  },
});

export const update = command({
  route: 'POST /v1/payment_methods/:id',
  summary: 'Updates a payment method that is attached to a customer.',
  input: UpdatePaymentMethod,
  unsupported: UNSUPPORTED_ON_UPDATE,
  async run(tx, { id, allow_redisplay, billing_details, card, metadata }) {
    const before = await store.lock(tx, id);
    if (before === null) throw resourceMissing('PaymentMethod', id);
    if (before.status !== 'attached') {
      throw unexpectedState(
        'payment_method',
        'You must save this PaymentMethod to a customer before you can update it.',
      );
    }
    const row = store.update(tx, before, {
      allow_redisplay,
      billing_details: mergeBillingDetails(before.billing_details, billing_details),
      card: card === undefined ? undefined : changedCard(before.card, card, tx.now),
      metadata: mergeMetadata(before.metadata, metadata),
    });
    const paymentMethod = toPaymentMethod(row);
    await tx.announce('payment_method.updated', paymentMethod, toPaymentMethod(before));
    if (isSource(row)) {
      await tx.announce('customer.source.updated', toSource(row), toSource(before));
    }
    return paymentMethod;
  },
});

export const list = query({
  route: 'GET /v1/payment_methods',
  summary: 'Lists payment methods, the newest first.',
  input: ListPaymentMethods,
  unsupported: UNSUPPORTED_ON_LIST,
  async run(scope, params) {
    const page = await store.page(scope, params);
    // Only an empty page can be that of an unknown customer, so only then is it worth a question.
    const { customer } = params;
    if (customer !== undefined && page.rows.length === 0) {
      if (!(await store.hasCustomer(scope, customer))) {
        throw resourceMissing('customer', customer, 'customer');
      }
    }
    return toPage(page, toPaymentMethod);
  },
});

type CardChange = NonNullable<z.infer<typeof UpdatePaymentMethod>['card']>;

/** A renewed card has another date. The date is checked where it changes, not where it has passed. */
function changedCard(
  before: StoredCard,
  { exp_month = before.exp_month, exp_year = before.exp_year, networks }: CardChange,
  now: Date,
): StoredCard {
  const card = preferNetwork(before, networks?.preferred);
  if (exp_month === before.exp_month && exp_year === before.exp_year) return card;
  return { ...card, ...acceptExpiry({ exp_month, exp_year }, now) };
}
