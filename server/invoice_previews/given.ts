/** What a preview is asked for, as the operations that it rehearses are asked. Pure. */
import { parameterInvalid, parametersExclusive } from '@/server/kernel/errors';
import type { CreateSubscription, GivenUpdate } from '@/server/subscriptions';
import type { CreatePreview, GivenDetails, GivenPreviewItem } from './params';

/** As `POST /v1/subscriptions/:id` has it. */
export function toUpdate({
  billing_cycle_anchor: anchor,
  billing_mode,
  cancel_now: _cancel,
  start_date,
  ...given
}: GivenDetails): GivenUpdate {
  for (const [param, value] of Object.entries({ billing_mode, start_date })) {
    if (value !== undefined) {
      throw parameterInvalid(
        `\`subscription_details[${param}]\` can only be set for a new subscription.`,
        `subscription_details[${param}]`,
      );
    }
  }
  if (typeof anchor === 'number') {
    throw parameterInvalid(
      'For existing subscriptions, `billing_cycle_anchor` can only be `now` or `unchanged`.',
      'subscription_details[billing_cycle_anchor]',
    );
  }
  return { ...given, ...(anchor === undefined ? {} : { billing_cycle_anchor: { type: anchor } }) };
}

/** As `POST /v1/subscriptions` has it. */
export function toCreation(
  { currency }: CreatePreview,
  details: GivenDetails,
  customer: string,
): CreateSubscription {
  const {
    billing_cycle_anchor: anchor,
    cancel_at,
    cancel_now: _cancel,
    items = [],
    proration_date: _date,
    start_date,
    ...given
  } = details;
  if (anchor === 'now' || anchor === 'unchanged') {
    throw parameterInvalid(
      'For new subscriptions, `billing_cycle_anchor` must be a timestamp.',
      'subscription_details[billing_cycle_anchor]',
    );
  }
  return {
    ...given,
    customer,
    items: items.map(({ id, deleted, clear_usage: _usage, ...item }, index) => {
      if (id === undefined && deleted === undefined) return item;
      throw parameterInvalid(
        'A new subscription has no items to change yet.',
        `subscription_details[items][${index}]`,
      );
    }),
    ...(anchor === undefined ? {} : { billing_cycle_anchor: anchor }),
    ...(cancel_at === undefined || cancel_at === null ? {} : { cancel_at }),
    ...(currency === undefined ? {} : { currency }),
    ...(start_date === undefined ? {} : { backdate_start_date: start_date }),
  };
}

/** As `POST /v1/invoiceitems` has it, where a unit's amount is always said in decimals. */
export function toItem(
  { invoiceitem, price, unit_amount, unit_amount_decimal, ...given }: GivenPreviewItem,
  place: string,
): Record<string, unknown> {
  if (invoiceitem !== undefined && given.currency !== undefined) {
    throw parameterInvalid(
      'The currency of an invoice item can only be set for a new one.',
      `${place}[currency]`,
    );
  }
  if (unit_amount !== undefined && unit_amount_decimal !== undefined) {
    throw parametersExclusive([`${place}[unit_amount]`, `${place}[unit_amount_decimal]`]);
  }
  const unit = unit_amount === undefined ? unit_amount_decimal : String(unit_amount);
  return {
    ...given,
    ...(price === undefined ? {} : { pricing: { price } }),
    ...(unit === undefined ? {} : { unit_amount_decimal: unit }),
  };
}

/** TABLE: how a preview calls what an invoice item is asked by. */
const IN_PREVIEW: Readonly<Record<string, string>> = {
  id: 'invoiceitem',
  'pricing[price]': 'price',
};

export const nameInItem = (param: string): string => IN_PREVIEW[param] ?? param;
