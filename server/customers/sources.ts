/**
 * A customer's sources: its cards as integrations from before payment methods know them. A source is
 * a payment method whose id is that of a card, so whatever takes a payment method takes it too.
 * https://docs.stripe.com/api/cards
 *
 * The default source is what a charge of the customer is taken from where it names none. It is the
 * first one saved, and when it is deleted the one saved last.
 *
 * Whoever locks a customer and its methods locks the customer first.
 */
import type Stripe from 'stripe';
import type { Scope, Tx } from '@/server/kernel/context';
import { resourceMissing } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import {
  detach,
  findPaymentMethod,
  findPaymentMethods,
  fromToken,
  isSource,
  lockPaymentMethod,
  mergeBillingDetails,
  pageOfSources,
  toSource,
  updatePaymentMethod,
  type PaymentMethodRow,
} from '@/server/payment_methods';
import { acceptExpiry } from '@/server/tokens';
import { saveCard } from './cards';
import { toCustomer } from './object';
import { lockCustomer, requireCustomer } from './require';
import {
  CreateSource,
  ListSources,
  SourceId,
  UNSUPPORTED_ON_CREATE,
  UNSUPPORTED_ON_UPDATE,
  UpdateSource,
} from './sources.params';
import * as store from './store';

type Place = 'cards' | 'sources';

/** The same five verbs at either address: `cards` is the older one of the two. */
export const sourcesAt = <P extends Place>(place: P) => ({
  create: command({
    route: `POST /v1/customers/:customer/${place}`,
    summary: 'Saves the card of a token with a customer.',
    input: CreateSource,
    unsupported: UNSUPPORTED_ON_CREATE,
    async run(tx, { customer, source, metadata }): Promise<Stripe.Card> {
      const owner = await lockCustomer(tx, customer, 'id');
      const given = mergeMetadata({}, metadata);
      const card = await addSource(tx, owner.id, source, given);
      if (owner.default_source === null) await setDefault(tx, owner, card.id);
      return card;
    },
  }),
  retrieve: query({
    route: `GET /v1/customers/:customer/${place}/:id`,
    summary: "Retrieves one of a customer's cards.",
    input: SourceId,
    async run(scope, { customer, id }): Promise<Stripe.Card> {
      await requireCustomer(scope, customer, 'id');
      return toSource(expectSource(await findPaymentMethod(scope, id), customer, id));
    },
  }),
  update: command({
    route: `POST /v1/customers/:customer/${place}/:id`,
    summary: "Changes what is noted about one of a customer's cards, or when it expires.",
    input: UpdateSource,
    unsupported: UNSUPPORTED_ON_UPDATE,
    async run(tx, { customer, id, ...given }): Promise<Stripe.Card> {
      await requireCustomer(tx, customer, 'id');
      return update(tx, await lockSource(tx, customer, id), given);
    },
  }),
  remove: command({
    route: `DELETE /v1/customers/:customer/${place}/:id`,
    summary: "Deletes one of a customer's cards.",
    input: SourceId,
    async run(tx, { customer, id }): Promise<Stripe.DeletedCard> {
      const owner = await lockCustomer(tx, customer, 'id');
      await detach(tx, await lockSource(tx, customer, id));
      if (owner.default_source === id)
        await setDefault(tx, owner, await defaultWithout(tx, owner, id));
      return { id, object: 'card', deleted: true };
    },
  }),
  list: query({
    route: `GET /v1/customers/:customer/${place}`,
    summary: "Lists a customer's cards, the newest first.",
    input: ListSources,
    async run(scope, { object, ...params }) {
      await requireCustomer(scope, params.customer, 'id');
      if (object !== undefined && object !== 'card') {
        return { object: 'page' as const, data: [] as Stripe.Card[], has_more: false };
      }
      return toPage(await pageOfSources(scope, params), toSource);
    },
  }),
});

/** A card out of a token, saved with the locked customer after its issuer was asked. */
const addSource = async (
  tx: Tx,
  customer: string,
  token: string,
  metadata: Stripe.Metadata,
): Promise<Stripe.Card> =>
  toSource(await saveCard(tx, await fromToken(tx, token, 'source', metadata), customer));

/**
 * A customer's new default source, out of a token; the one before is deleted, as Stripe does. The
 * caller locked the customer, and notes the default. Answers the id of the card.
 */
export async function replaceSource(
  tx: Tx,
  { id: customer, default_source }: store.CustomerRow,
  token: string,
): Promise<string> {
  const { id } = await addSource(tx, customer, token, {});
  const before = default_source === null ? null : await findPaymentMethod(tx, default_source);
  if (before !== null && before.customer === customer && isSource(before)) {
    await detach(tx, await lockPaymentMethod(tx, before.id));
  }
  return id;
}

/** The default of a customer whose source `gone` is no more: the one saved last of the others. */
export async function defaultWithout(
  tx: Tx,
  { id, default_source }: store.CustomerRow,
  gone: string,
): Promise<string | null> {
  if (default_source !== gone) return default_source;
  const { rows } = await pageOfSources(tx, { customer: id, limit: 1 });
  return rows[0]?.id ?? null;
}

/** For `expand`: sources as cards. One that was deleted is still named by what it paid for. */
export const loadSources = async (scope: Scope, ids: readonly string[]): Promise<Stripe.Card[]> =>
  (await findPaymentMethods(scope, ids)).map(toSource);

async function update(
  tx: Tx,
  before: PaymentMethodRow,
  given: Omit<UpdateSource, 'customer' | 'id'>,
): Promise<Stripe.Card> {
  const { address, name } = before.billing_details;
  const { exp_month = before.card.exp_month, exp_year = before.card.exp_year } = given;
  const isRenewed = given.exp_month !== undefined || given.exp_year !== undefined;
  const row = updatePaymentMethod(tx, before, {
    billing_details: mergeBillingDetails(before.billing_details, {
      address: {
        city: or(given.address_city, address?.city),
        country: or(given.address_country, address?.country),
        line1: or(given.address_line1, address?.line1),
        line2: or(given.address_line2, address?.line2),
        postal_code: or(given.address_zip, address?.postal_code),
        state: or(given.address_state, address?.state),
      },
      name: or(given.name, name),
    }),
    // The date is checked where it changes, not where it has passed.
    card: isRenewed
      ? { ...before.card, ...acceptExpiry({ exp_month, exp_year }, tx.now) }
      : undefined,
    metadata: mergeMetadata(before.metadata, given.metadata),
  });
  const source = toSource(row);
  await tx.announce('customer.source.updated', source, toSource(before));
  return source;
}

const or = (given: string | null | undefined, before: string | null | undefined): string | null =>
  given === undefined ? (before ?? null) : given;

async function setDefault(tx: Tx, owner: store.CustomerRow, source: string | null): Promise<void> {
  const row = store.update(tx, owner, { default_source: source });
  await tx.announce('customer.updated', await toCustomer(tx, row), await toCustomer(tx, owner));
}

async function lockSource(tx: Tx, customer: string, id: string): Promise<PaymentMethodRow> {
  expectSource(await findPaymentMethod(tx, id), customer, id);
  return expectSource(await lockPaymentMethod(tx, id), customer, id);
}

function expectSource(
  row: PaymentMethodRow | null,
  customer: string,
  id: string,
): PaymentMethodRow {
  if (row === null || row.customer !== customer || !isSource(row)) {
    throw resourceMissing('source', id);
  }
  return row;
}
