import { and, eq, inArray, isNotNull, type SQL } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { invoices } from '@/db/schema/invoices';
import { payment_intents } from '@/db/schema/payment_intents';
import { refunds } from '@/db/schema/refunds';
import type { Scope } from '@/server/kernel/context';
import { kindOf } from '@/server/kernel/ids';
import { pageOf, searchOf, within } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
import { toPaymentIntent } from './object';
import type { ListPaymentIntents, SearchPaymentIntents } from './params';

export type PaymentIntentRow = typeof payment_intents.$inferSelect;
export type Status = PaymentIntentRow['status'];

const rows = rowsOf(payment_intents);
export const { insert, find, findAll, lock, update } = rows;

const invoiceRows = rowsOf(invoices);

/** Whether an invoice made it, to be paid by. Invoices are a higher domain, their table is not. */
export async function isOfInvoice(scope: Scope, row: PaymentIntentRow): Promise<boolean> {
  const order = row.payment_details?.order_reference ?? '';
  if (kindOf(order) !== 'invoice') return false;
  return (await invoiceRows.find(scope, order))?.payment_intent === row.id;
}

export const page = (scope: Scope, params: ListPaymentIntents) =>
  pageOf<PaymentIntentRow>(
    scope,
    { table: payment_intents, rows, object: 'payment_intent' },
    params,
    whenGiven(payment_intents.customer, params.customer),
    within(payment_intents.created, params.created),
    params.state === undefined ? undefined : STATES[params.state](scope),
  );

type State = NonNullable<ListPaymentIntents['state']>;

const { status } = payment_intents;

/** TABLE: what each state is, in the columns. Failed is what was tried, and waits for another card. */
const STATES: Readonly<Record<State, (scope: Scope) => SQL | undefined>> = {
  succeeded: () => eq(status, 'succeeded'),
  uncaptured: () => eq(status, 'requires_capture'),
  canceled: () => eq(status, 'canceled'),
  failed: () =>
    and(eq(status, 'requires_payment_method'), isNotNull(payment_intents.last_payment_error)),
  refunded: ({ db }) =>
    inArray(
      payment_intents.id,
      db
        .select({ id: refunds.payment_intent })
        .from(refunds)
        .where(eq(refunds.status, 'succeeded')),
    ),
};

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
