/**
 * Ids become objects where the request asks for it: `expand[]=customer`,
 * `expand[]=data.latest_charge.balance_transaction`. Four levels deep, and all ids of one level
 * and kind are loaded at once. https://docs.stripe.com/api/expanding_objects
 */
import { ApiError, rightMissing } from '@/server/kernel/errors';
import { kindOf } from '@/server/kernel/ids';
import type { Scope } from '@/server/kernel/context';
import type { Expandable, Expansions } from '@/server/kernel/resource';

const DEPTH_MAX = 4;

/** The three ways to name a discount that is to come. */
const DISCOUNTS = ['coupon', 'discount', 'promotion_code'] as const;

/**
 * TABLE: the fields that hold the id of another object, or a list of ids, by the object they are in.
 * Anywhere else, as in metadata, a text that looks like an id is a text.
 */
export const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  balance_transaction: ['source'],
  charge: ['balance_transaction', 'customer', 'failure_balance_transaction', 'payment_intent'],
  'charge.payment_method_details.card': ['mandate'],
  'confirmation_token.payment_method_preview': ['customer'],
  credit_note: ['customer', 'customer_balance_transaction', 'invoice'],
  'credit_note.discount_amounts': ['discount'],
  'credit_note.pretax_credit_amounts': ['discount'],
  'credit_note.refunds': ['refund'],
  'credit_note_line_item.discount_amounts': ['discount'],
  'credit_note_line_item.pretax_credit_amounts': ['discount'],
  card: ['customer'],
  customer: ['default_source', 'test_clock'],
  'customer.invoice_settings': ['default_payment_method'],
  customer_balance_transaction: ['credit_note', 'customer', 'invoice'],
  discount: ['customer', 'promotion_code'],
  'discount.source': ['coupon'],
  dispute: ['charge', 'payment_intent'],
  invoice: [
    'account_tax_ids',
    'customer',
    'default_payment_method',
    'default_source',
    'discounts',
    'latest_revision',
    'test_clock',
  ],
  'invoice.from_invoice': ['invoice'],
  'invoice.parent.subscription_details': ['subscription'],
  'invoice.total_discount_amounts': ['discount'],
  'invoice.total_pretax_credit_amounts': ['discount'],
  invoice_payment: ['invoice'],
  'invoice_payment.payment': ['charge', 'payment_intent'],
  invoiceitem: ['customer', 'discounts', 'invoice', 'test_clock'],
  'invoiceitem.pricing.price_details': ['price'],
  'invoiceitem.proration_details.discount_amounts': ['discount'],
  line_item: ['discounts', 'subscription'],
  'line_item.discount_amounts': ['discount'],
  'line_item.pretax_credit_amounts': ['discount'],
  'line_item.pricing.price_details': ['price'],
  mandate: ['payment_method'],
  payment_intent: ['customer', 'latest_charge', 'payment_method', 'source'],
  payment_method: ['customer'],
  payout: [
    'balance_transaction',
    'destination',
    'failure_balance_transaction',
    'original_payout',
    'reversed_by',
  ],
  plan: ['product'],
  price: ['product'],
  product: ['default_price'],
  promotion_code: ['customer'],
  'promotion_code.promotion': ['coupon'],
  'radar.early_fraud_warning': ['charge', 'payment_intent'],
  refund: [
    'balance_transaction',
    'charge',
    'customer',
    'failure_balance_transaction',
    'payment_intent',
    'payment_method',
  ],
  setup_attempt: ['customer', 'payment_method', 'setup_intent'],
  setup_intent: ['customer', 'latest_attempt', 'mandate', 'payment_method', 'single_use_mandate'],
  subscription: [
    'customer',
    'default_payment_method',
    'default_source',
    'discounts',
    'latest_invoice',
    'pending_setup_intent',
    'schedule',
    'test_clock',
  ],
  'subscription.invoice_settings': ['account_tax_ids'],
  'subscription.pending_update': ['discounts'],
  subscription_item: ['discounts'],
  subscription_schedule: ['customer', 'subscription', 'test_clock'],
  'subscription_schedule.default_settings': ['default_payment_method'],
  'subscription_schedule.default_settings.invoice_settings': ['account_tax_ids'],
  'subscription_schedule.phases': ['default_payment_method'],
  'subscription_schedule.phases.add_invoice_items': ['price'],
  'subscription_schedule.phases.add_invoice_items.discounts': DISCOUNTS,
  'subscription_schedule.phases.discounts': DISCOUNTS,
  'subscription_schedule.phases.invoice_settings': ['account_tax_ids'],
  'subscription_schedule.phases.items': ['price'],
  'subscription_schedule.phases.items.discounts': DISCOUNTS,
  tax_id: ['customer'],
  'tax_id.owner': ['customer'],
};

/** TABLE: where merchants choose the ids, so that only the place says what they are ids of. */
const CHOSEN: Readonly<Record<string, Expandable>> = {
  'discount.source.coupon': 'coupon',
  'invoiceitem.pricing.price_details.price': 'price',
  'line_item.pricing.price_details.price': 'price',
  'plan.product': 'product',
  'price.product': 'product',
  'product.default_price': 'price',
  'promotion_code.promotion.coupon': 'coupon',
  'subscription_schedule.phases.add_invoice_items.discounts.coupon': 'coupon',
  'subscription_schedule.phases.add_invoice_items.price': 'price',
  'subscription_schedule.phases.discounts.coupon': 'coupon',
  'subscription_schedule.phases.items.discounts.coupon': 'coupon',
  'subscription_schedule.phases.items.price': 'price',
};

/** TABLE: fields that hold payment methods, among them cards with an id of their own (`card_…`). */
const METHODS: readonly string[] = ['default_payment_method', 'payment_method'];

/** What a browser may have expanded: the card that it pays with. */
const FOR_BROWSERS: ReadonlySet<Expandable> = new Set(['payment_method']);

type Fields = Record<string, unknown>;

const cannotExpand = (path: string): ApiError =>
  new ApiError(400, 'invalid_request_error', `This property cannot be expanded (${path}).`, {
    code: 'property_cannot_be_expanded',
  });

/** The object with what `paths` name in place of its id. The argument is not changed. */
export async function expand<T extends object>(
  scope: Scope,
  object: T,
  paths: readonly string[],
  expansions: Expansions,
): Promise<T> {
  if (paths.length === 0) return object;
  const copy = structuredClone(object);
  for (const path of paths) {
    const steps = path.split('.');
    if (steps.length > DEPTH_MAX + (steps[0] === 'data' ? 1 : 0)) {
      throw new ApiError(
        400,
        'invalid_request_error',
        `You cannot expand more than ${DEPTH_MAX} levels of a property (${path}).`,
      );
    }
    await walk(scope, [placeOf(copy as Fields, '')], steps, path, expansions);
  }
  return copy;
}

/** An object on the way, and what it is: of one without a name, where it is in one that has it. */
interface Place {
  readonly fields: Fields;
  readonly kind: string;
}

const placeOf = (fields: Fields, otherwise: string): Place => {
  const { object } = fields;
  return { fields, kind: typeof object === 'string' ? object : otherwise };
};

async function walk(
  scope: Scope,
  all: readonly Place[],
  [step, ...rest]: readonly string[],
  path: string,
  expansions: Expansions,
): Promise<void> {
  // Of what was deleted only that is left: there is nothing to expand, and nothing wrong in asking.
  const places = all.filter(({ fields }) => fields['deleted'] !== true);
  if (step === undefined || places.length === 0) return;
  await include(scope, places, step, expansions.includes);
  const isThere = places.some(({ fields }) => Object.hasOwn(fields, step));
  // What a client writes into metadata refers to nothing, whatever it is called.
  if (!isThere || step === 'metadata') throw cannotExpand(path);
  await fill(scope, places, step, path, expansions);
  const below = places.flatMap(({ fields, kind }) =>
    valuesOf(fields[step])
      .filter(isFields)
      .map((one) => placeOf(one, `${kind}.${step}`)),
  );
  await walk(scope, below, rest, path, expansions);
}

/** Adds the field `step` to the objects that have it only when asked for. */
async function include(
  scope: Scope,
  places: readonly Place[],
  step: string,
  includes: Expansions['includes'],
): Promise<void> {
  for (const [object, loads] of includes) {
    const load = Object.hasOwn(loads, step) ? loads[step] : undefined;
    if (load === undefined) continue;
    const lacking = places.filter(
      ({ fields, kind }) => kind === object && fields[step] === undefined,
    );
    if (lacking.length === 0) continue;
    const ids = lacking.map(({ fields }) => String(fields['id']));
    const values = await load(scope, ids);
    for (const { fields } of lacking) {
      const value = values.get(String(fields['id']));
      if (value !== undefined) fields[step] = value;
    }
  }
}

/** Replaces the ids under `step` in all places, also those in lists, with one load a kind. */
async function fill(
  scope: Scope,
  places: readonly Place[],
  step: string,
  path: string,
  expansions: Expansions,
): Promise<void> {
  const idsByKind = new Map<Expandable, Set<string>>();
  for (const { fields, kind: owner } of places) {
    for (const value of valuesOf(fields[step])) {
      if (typeof value === 'number' || typeof value === 'boolean') throw cannotExpand(path);
      if (typeof value !== 'string') continue;
      const isReference = REFERENCES[owner]?.includes(step) === true;
      const kind = isReference ? kindAt(owner, step, value) : null;
      const loader = kind === null ? undefined : expansions.loaders.get(kind);
      if (kind === null || loader === undefined) throw cannotExpand(path);
      if (scope.publishable && !FOR_BROWSERS.has(kind)) throw cannotExpand(path);
      assertMayRead(scope, loader.resource);
      const ids = idsByKind.get(kind) ?? new Set();
      idsByKind.set(kind, ids.add(value));
    }
  }
  const objects = new Map<string, object>();
  for (const [kind, ids] of idsByKind) {
    const loaded = (await expansions.loaders.get(kind)?.load(scope, [...ids])) ?? [];
    // A loaded object may be wanted in many places: each gets its own, to be expanded further.
    for (const object of loaded) if (object.id !== undefined) objects.set(object.id, object);
  }
  const filled = (value: unknown): unknown => {
    const object = typeof value === 'string' ? objects.get(value) : undefined;
    return object === undefined ? value : structuredClone(object);
  };
  for (const { fields } of places) {
    const value = fields[step];
    fields[step] = Array.isArray(value) ? value.map(filled) : filled(value);
  }
}

/** What the id in a field is of. */
const kindAt = (owner: string, step: string, id: string): Expandable | null =>
  METHODS.includes(step) ? 'payment_method' : (CHOSEN[`${owner}.${step}`] ?? kindOf(id));

/** A field holds one id, or a list of them. */
const valuesOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** An object in a field takes the same right as the object by itself. */
function assertMayRead({ rights }: Scope, resource: string): void {
  const right = rights === null ? 'write' : (rights[resource] ?? 'none');
  if (right === 'none') throw rightMissing('read', resource);
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
