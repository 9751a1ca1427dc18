/**
 * The cards that a request about a customer names: to save with it, and to charge unless told
 * otherwise. `payment_method` and `invoice_settings[default_payment_method]` are today's words for
 * it; `source` and `default_source` those of older integrations (`sources.ts`).
 */
import type { Scope, Tx } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import {
  attachTo,
  expectAttachable,
  findPaymentMethod,
  fromToken,
  isSource,
  lockPaymentMethod,
  type PaymentMethodRow,
} from '@/server/payment_methods';
import { verifiedCard } from '@/server/tokens';

const DEFAULT = 'invoice_settings[default_payment_method]';

interface Named {
  readonly payment_method?: string | undefined;
  readonly source?: string | undefined;
  readonly invoice_settings?: { readonly default_payment_method?: string | null | undefined };
}

export interface NewCards {
  /** To save with the customer, once there is one. */
  readonly cards: readonly PaymentMethodRow[];
  readonly default_payment_method: string | null;
  readonly default_source: string | null;
}

/**
 * The cards of a customer that is about to be made, locked.
 *
 * @throws ApiError 400 for a card that does not exist, a token that was used, and a default that is
 *   not the card to be saved: there can be no other yet.
 */
export async function cardsOfNew(tx: Tx, named: Named): Promise<NewCards> {
  const wanted = named.invoice_settings?.default_payment_method ?? null;
  if (wanted !== null && wanted !== named.payment_method) throw notAttached(wanted);
  const method =
    named.payment_method === undefined ? null : await lockPaymentMethod(tx, named.payment_method);
  const source = named.source === undefined ? null : await fromToken(tx, named.source, 'source');
  return {
    cards: [method, source].filter((card) => card !== null),
    // Its own id: that of a test card, such as `pm_card_visa`, stands for a new one at each use.
    default_payment_method: wanted === null ? null : (method?.id ?? null),
    default_source: source?.id ?? null,
  };
}

/**
 * Saves a card, after its issuer was asked.
 *
 * @throws ApiError 402 when the issuer declines, 400 when it is another's or used up.
 */
export async function saveCard(
  tx: Tx,
  card: PaymentMethodRow,
  customer: string,
): Promise<PaymentMethodRow> {
  expectAttachable(card, customer);
  return attachTo(tx, card, customer, verifiedCard(tx, card));
}

/** @throws ApiError 400 unless the card is saved with the customer. */
export async function assertSaved(
  scope: Scope,
  card: string | null | undefined,
  customer: string,
): Promise<void> {
  if (card === null || card === undefined) return;
  const found = await findPaymentMethod(scope, card);
  if (found?.customer !== customer) throw notAttached(card);
}

/** @throws ApiError 400 unless the source is one of the customer's. */
export async function assertSource(
  scope: Scope,
  source: string | undefined,
  customer: string,
): Promise<void> {
  if (source === undefined) return;
  const found = await findPaymentMethod(scope, source);
  if (found === null || found.customer !== customer || !isSource(found)) {
    throw resourceMissing('source', source, 'default_source');
  }
}

const notAttached = (card: string) =>
  parameterInvalid(
    `The customer does not have a payment method with the ID ${card}. The payment method must be attached to the customer.`,
    DEFAULT,
    'resource_missing',
  );
