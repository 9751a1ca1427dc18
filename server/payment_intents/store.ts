import { rowsOf, whenGiven } from '@/db/rows';
import { payment_intents } from '@/db/schema/payment_intents';
import type { Scope } from '@/server/kernel/context';
import { pageOf, searchOf, within } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
import { toPaymentIntent } from './object';
import type { ListPaymentIntents, SearchPaymentIntents } from './params';

export type PaymentIntentRow = typeof payment_intents.$inferSelect;
export type Status = PaymentIntentRow['status'];

const rows = rowsOf(payment_intents);
export const { insert, find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListPaymentIntents) =>
  pageOf<PaymentIntentRow>(
    scope,
    { table: payment_intents, rows, object: 'payment_intent' },
    params,
    whenGiven(payment_intents.customer, params.customer),
    within(payment_intents.created, params.created),
  );

/** https://docs.stripe.com/search#query-fields-for-payment-intents */
const FIELDS: SearchFields = {
  amount: { column: payment_intents.amount, type: 'number' },
  created: { column: payment_intents.created, type: 'number' },
  currency: { column: payment_intents.currency, type: 'token' },
  customer: { column: payment_intents.customer, type: 'token' },
  metadata: { column: payment_intents.metadata, type: 'metadata' },
  status: { column: payment_intents.status, type: 'token' },
};

export const search = (scope: Scope, params: SearchPaymentIntents) =>
  searchOf(
    scope,
    payment_intents,
    params,
    toCondition(parseSearch(params.query), 'payment_intents', FIELDS),
    toPaymentIntent,
  );
