import { and, eq, gte, inArray, isNotNull, type SQL } from 'drizzle-orm';
import type { Pool } from '@/db/client';
import { rowsOf, whenGiven } from '@/db/rows';
import { disputes } from '@/db/schema/disputes';
import { invoices } from '@/db/schema/invoices';
import { payment_intents } from '@/db/schema/payment_intents';
import { refunds } from '@/db/schema/refunds';
import { look, type Found } from '@/db/system';
import type { Scope } from '@/server/kernel/context';
import { kindOf, PREFIX } from '@/server/kernel/ids';
import { pageOf, searchOf, within } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
import { toPaymentIntent } from './object';
import type { ListPaymentIntents, SearchPaymentIntents } from './params';

export type PaymentIntentRow = typeof payment_intents.$inferSelect;
export type Status = PaymentIntentRow['status'];

const rows = rowsOf(payment_intents);
export const { claim, insert, find, findAll, lock, update } = rows;

const EXPIRING = `select project_id, livemode, id from payment_intents
  where expires_at <= $1 order by expires_at limit $2`;

/** Whose authorization is to be given up, of any tenant, the longest overdue first. In unix seconds. */
export const findExpiring = (pool: Pool, at: number, limit: number): Promise<Found[]> =>
  look<Found>(pool, EXPIRING, [at, limit]);

const invoiceRows = rowsOf(invoices);

/** Whether an invoice made it, to be paid by. Invoices are a higher domain, their table is not. */
export async function isOfInvoice(scope: Scope, row: PaymentIntentRow): Promise<boolean> {
  const order = row.payment_details?.order_reference ?? '';
  if (kindOf(order) !== 'invoice') return false;
  return (await invoiceRows.find(scope, order))?.payment_intent === row.id;
}

/** Not those of direct charges: they have the ids of their charges, which come before all others. */
const isShown = gte(payment_intents.id, `${PREFIX.payment_intent}_`);

export const page = (scope: Scope, params: ListPaymentIntents) =>
  pageOf<PaymentIntentRow>(
    scope,
    { table: payment_intents, rows, object: 'payment_intent' },
    params,
    isShown,
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
  disputed: ({ db }) =>
    inArray(payment_intents.id, db.select({ id: disputes.payment_intent }).from(disputes)),
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
    and(isShown, toCondition(parseSearch(params.query), 'payment_intents', FIELDS)),
    toPaymentIntent,
  );
