import { and, desc, eq, sql } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { charges } from '@/db/schema/charges';
import type { Scope } from '@/server/kernel/context';
import { pageOf, searchOf, within } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
import { toCharge } from './object';
import type { ListCharges, SearchCharges } from './params';

export type ChargeRow = typeof charges.$inferSelect;

const rows = rowsOf(charges);
export const { insert, find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListCharges) =>
  pageOf<ChargeRow>(
    scope,
    { table: charges, rows, object: 'charge' },
    params,
    whenGiven(charges.customer, params.customer),
    whenGiven(charges.payment_intent, params.payment_intent),
    whenGiven(charges.transfer_group, params.transfer_group),
    within(charges.created, params.created),
  );

const card = (field: string) => sql`${charges.card}->>${sql.raw(`'${field}'`)}`;

/** https://docs.stripe.com/search#query-fields-for-charges */
const FIELDS: SearchFields = {
  amount: { column: charges.amount, type: 'number' },
  created: { column: charges.created, type: 'number' },
  currency: { column: charges.currency, type: 'token' },
  customer: { column: charges.customer, type: 'token' },
  disputed: { expression: sql`${charges.disputed}::text`, type: 'token' },
  metadata: { column: charges.metadata, type: 'metadata' },
  'payment_method_details.card.brand': { expression: card('brand'), type: 'token' },
  'payment_method_details.card.exp_month': {
    expression: sql`(${card('exp_month')})::bigint`,
    type: 'number',
  },
  'payment_method_details.card.exp_year': {
    expression: sql`(${card('exp_year')})::bigint`,
    type: 'number',
  },
  'payment_method_details.card.fingerprint': { expression: card('fingerprint'), type: 'token' },
  'payment_method_details.card.last4': { expression: card('last4'), type: 'token' },
  refunded: {
    expression: sql`(${charges.amount_refunded} > 0 and ${charges.amount_refunded} = ${charges.amount})::text`,
    type: 'token',
  },
  status: { column: charges.status, type: 'token' },
};

export const search = (scope: Scope, params: SearchCharges) =>
  searchOf(
    scope,
    charges,
    params,
    toCondition(parseSearch(params.query), 'charges', FIELDS),
    toCharge,
  );

/** The charge of an intent that went through, or null. The schema allows one. */
export async function findSuccessful(scope: Scope, intent: string): Promise<ChargeRow | null> {
  const [row] = await scope.db
    .select()
    .from(charges)
    .where(and(eq(charges.payment_intent, intent), eq(charges.status, 'succeeded')))
    .orderBy(desc(charges.id))
    .limit(1);
  return row ?? null;
}
