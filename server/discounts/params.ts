import { z } from 'zod';
import { parameterMissing, parametersExclusive } from '@/server/kernel/errors';
import { clearable } from '@/server/kernel/params';

export interface GivenDiscount {
  readonly coupon?: string | undefined;
  /** One that is there already, on the thing itself or on what it inherits from. */
  readonly discount?: string | undefined;
  readonly promotion_code?: string | undefined;
}

const way = z.string().min(1).optional();

/** A refinement: there are three ways to name a discount, and each entry goes one of them. */
export function goesOneWay(given: GivenDiscount, context: z.core.$RefinementCtx): void {
  const named = (['coupon', 'discount', 'promotion_code'] as const).filter(
    (one) => given[one] !== undefined,
  );
  if (named.length === 1) return;
  const apiError = (place: string) =>
    named.length === 0
      ? parameterMissing(paramIn(place, 'coupon'))
      : parametersExclusive(named.map((one) => paramIn(place, one)));
  context.addIssue({ code: 'custom', params: { apiError } });
}

/** A parameter by its name, within `place`; an empty place is the request itself. */
export const paramIn = (place: string, param: string): string =>
  place === '' ? param : `${place}[${param}]`;

/** The `discounts` of subscriptions, invoices and their items. An empty string means none at all. */
export const givenDiscounts = clearable(
  z
    .array(
      z.strictObject({ coupon: way, discount: way, promotion_code: way }).superRefine(goesOneWay),
    )
    .max(20),
);
