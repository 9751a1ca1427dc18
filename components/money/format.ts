/** Amounts as text. All are given in the currency's minor unit (pence), as on the wire. */
import { decimalsOf } from './currencies';

/**
 * TABLE: where there is no fraction to show. These gave up theirs, and Stripe still counts them in
 * hundredths. https://docs.stripe.com/currencies#special-cases
 */
const COUNTED_IN_HUNDREDTHS: ReadonlySet<string> = new Set(['isk', 'ugx']);

/** How many of them are shown. */
const shownOf = (currency: string): number =>
  COUNTED_IN_HUNDREDTHS.has(currency) ? 0 : decimalsOf(currency);

/** The digits behind the point, as options of `Intl.NumberFormat`. */
export const fractionOf = (currency: string) => ({
  minimumFractionDigits: shownOf(currency),
  maximumFractionDigits: shownOf(currency),
});

/** `£42.50`, in the viewer's way of writing it. */
export const formatMoney = (amount: number, currency: string, locale: string): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency, ...fractionOf(currency) }).format(
    amount / 10 ** decimalsOf(currency),
  );

/** Stripe's limit to the decimals of a unit's price. */
const UNIT_DECIMALS_MAX = 12;

/** `£0.0025`: what one unit costs, which may be less than the smallest coin. */
export const formatUnitAmount = (amount: number, currency: string, locale: string): string =>
  new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: shownOf(currency),
    maximumFractionDigits: UNIT_DECIMALS_MAX,
  }).format(amount / 10 ** decimalsOf(currency));

/** `42.50`, for a spreadsheet. */
export const plainMoney = (amount: number, currency: string): string =>
  (amount / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency));

/** What a person typed, in minor units; null for what is no amount. */
export function parseMoney(text: string, currency: string): number | null {
  const decimals = decimalsOf(currency);
  const pattern =
    decimals === 0 ? /^\d+$/ : new RegExp(String.raw`^\d+(?:[.,]\d{1,${decimals}})?$`);
  const given = text.trim();
  if (!pattern.test(given)) return null;
  const [whole = '', part = ''] = given.split(/[.,]/);
  const amount = Number(whole + part.padEnd(decimals, '0'));
  return Number.isSafeInteger(amount) ? amount : null;
}
