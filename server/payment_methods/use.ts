/** What other domains do with a payment method: charge it, save it with a customer, let go of it. */
import type { StoredCard } from '@/db/schema/payment_methods';
import type { Tx } from '@/server/kernel/context';
import {
  parameterInvalid,
  parametersExclusive,
  resourceMissing,
  unexpectedState,
} from '@/server/kernel/errors';
import type { Agreement } from '@/server/processor/processor';
import { withChecks } from '@/server/tokens';
import { createFromData, fromTestId } from './create';
import { move } from './lifecycle';
import { isSource, toSource } from './object';
import type { PaymentMethodData } from './params';
import * as store from './store';
import type { PaymentMethodRow } from './store';

/**
 * The payment method of an id; of a test id such as `pm_card_visa`, a new one. Not locked.
 *
 * @throws ApiError `resource_missing`, naming `param`: 404 where that is `id`, else 400.
 */
export async function requirePaymentMethod(
  tx: Tx,
  id: string,
  param = 'payment_method',
): Promise<PaymentMethodRow> {
  const row = fromTestId(tx, id) ?? (await store.find(tx, id));
  if (row === null) throw resourceMissing('PaymentMethod', id, param);
  return row;
}

/** As `requirePaymentMethod`, but nobody else may change it until this transaction ends. */
export async function lockPaymentMethod(
  tx: Tx,
  id: string,
  param = 'payment_method',
): Promise<PaymentMethodRow> {
  const row = fromTestId(tx, id) ?? (await store.lock(tx, id));
  if (row === null) throw resourceMissing('PaymentMethod', id, param);
  return row;
}

/**
 * The payment method of an id, if `customer` (null for a guest) may pay with it.
 *
 * @throws ApiError 400 when it is used up, or another's; `resource_missing` as above.
 */
export async function requireUsable(
  tx: Tx,
  id: string,
  customer: string | null,
  param = 'payment_method',
): Promise<PaymentMethodRow> {
  const row = await requirePaymentMethod(tx, id, param);
  expectNotUsedUp(row);
  if (row.customer === null || row.customer === customer) return row;
  throw parameterInvalid(
    customer === null
      ? 'The payment method you provided is attached to a customer so for security purposes you must provide the customer in the request.'
      : `The customer does not have a payment method with the ID ${row.id}. The payment method must be attached to the customer.`,
    param,
  );
}

/** How an intent's request names a method. */
export interface MethodChoice {
  readonly payment_method?: string | null | undefined;
  readonly payment_method_data?: PaymentMethodData | undefined;
}

/**
 * The method that the request names, existing or made for it; undefined when it names none, null
 * when it takes the present one away. A method of a customer serves that customer's intents only.
 */
export async function chooseMethod(
  tx: Tx,
  { payment_method, payment_method_data }: MethodChoice,
  customer: string | null,
): Promise<PaymentMethodRow | null | undefined> {
  if (payment_method_data !== undefined) {
    if (payment_method !== undefined && payment_method !== null) {
      throw parametersExclusive(['payment_method', 'payment_method_data']);
    }
    expectRedeemable(payment_method_data);
    return createFromData(tx, payment_method_data, 'payment_method_data[card]');
  }
  if (payment_method === undefined || payment_method === null) return payment_method;
  return requireUsable(tx, payment_method, customer);
}

/**
 * A token of a processor's fields can be used once, and tells nothing of its card: whoever wants to pay
 * with it has the issuer asked first, which an intent cannot do on the way.
 */
function expectRedeemable({ card }: PaymentMethodData): void {
  if (!('token' in card) || card.token.startsWith('tok_')) return;
  throw parameterInvalid(
    "This is no token of this API, such as `tok_…`. A token of the processor's own fields becomes a payment method first, with `card[token]` at POST /v1/payment_methods, or one of this API's at POST /v1/tokens; those can be confirmed with.",
    'payment_method_data[card][token]',
  );
}

/**
 * Saves it with a customer, for good or until it is detached. Nothing happens if it is saved with
 * this one already. The caller locked the row, or has just made it.
 *
 * @param card as it is after its issuer was asked.
 * @throws ApiError 400 `payment_method_unexpected_state` when it is another's, or used up.
 */
export async function attachTo(
  tx: Tx,
  row: PaymentMethodRow,
  customer: string,
  card: StoredCard = row.card,
): Promise<PaymentMethodRow> {
  expectAttachable(row, customer);
  if (row.customer === customer) return row;
  const attached = await move(tx, row, 'attach', { customer, card });
  if (isSource(attached)) await tx.announce('customer.source.created', toSource(attached));
  return attached;
}

/** As `attachTo` throws, before anybody is asked. */
export function expectAttachable(row: PaymentMethodRow, customer: string): void {
  expectNotUsedUp(row);
  if (row.customer !== null && row.customer !== customer) {
    throw unexpectedState(
      'payment_method',
      'The payment method you provided has already been attached to a customer.',
    );
  }
}

/**
 * Takes it from its customer. It cannot be used again. The caller locked the row.
 *
 * @throws ApiError 400 `payment_method_unexpected_state` when it is nobody's.
 */
export async function detach(tx: Tx, row: PaymentMethodRow): Promise<PaymentMethodRow> {
  if (row.status !== 'attached') {
    throw unexpectedState(
      'payment_method',
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    );
  }
  const detached = await move(tx, row, 'detach', { customer: null });
  // It is told as it was: of a source that is nobody's there is nothing to tell.
  if (isSource(row)) await tx.announce('customer.source.deleted', toSource(row));
  return detached;
}

/** A guest paid with it, once. That of a customer stays as it is. The caller locked the row. */
export const useUp = async (tx: Tx, row: PaymentMethodRow): Promise<PaymentMethodRow> =>
  row.status === 'unattached' ? move(tx, row, 'use_up', { customer: null }) : row;

/** Keeps what the issuer found when the card was charged. The caller locked the row. */
export const recordChecks = (
  tx: Tx,
  row: PaymentMethodRow,
  checks: StoredCard['checks'],
): PaymentMethodRow => store.update(tx, row, { card: withChecks(row.card, checks) });

/**
 * Keeps by which transaction the cardholder agreed to something, since the payments that follow have
 * to name it. What a merchant does alone is agreed to already, and an id that a person has typed is
 * not relied on: the card goes on by what is known of it. The caller locked the row.
 */
export function recordAgreement(
  tx: Tx,
  row: PaymentMethodRow,
  asked: {
    readonly agreement: Agreement;
    readonly initiator: 'customer' | 'merchant';
    /** What a person has found out, where the processor did not tell. */
    readonly decision: unknown;
  },
  { transaction }: { readonly transaction: string },
): PaymentMethodRow {
  const { agreement, initiator, decision } = asked;
  if (initiator === 'merchant' || agreement === 'none' || decision !== null) return row;
  // The simulator goes by the card alone.
  if (row.processor_account === null) return row;
  const agreed = { [agreement === 'recurring' ? 'recurring' : 'card_on_file']: transaction };
  return store.update(tx, row, { agreements: { ...row.agreements, ...agreed } });
}

function expectNotUsedUp(row: PaymentMethodRow): void {
  if (row.status !== 'detached') return;
  throw unexpectedState(
    'payment_method',
    'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.',
  );
}
