/**
 * Decimals without floats. Prices and usage are said in text with up to twelve decimals
 * (https://docs.stripe.com/api/prices/object#price_object-unit_amount_decimal); here such a text is
 * a whole number of units of 10^-12.
 */
const DECIMALS = 12;

/** One, in these units. */
export const ONE = 10n ** BigInt(DECIMALS);

const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,12}))?$/;

/**
 * `'0.05'` as 50_000_000_000n.
 *
 * @throws RangeError for anything but digits with at most twelve decimals: inputs were checked
 *   long before.
 */
export function toScaled(text: string): bigint {
  const [match, sign, digits = '', decimals = ''] = DECIMAL.exec(text) ?? [];
  if (match === undefined) throw new RangeError(`Not a decimal: ${text}`);
  const scaled = BigInt(digits + decimals.padEnd(DECIMALS, '0'));
  return sign === '-' ? -scaled : scaled;
}

/** The shortest text of it: `'0.05'`, `'3'`. */
export function fromScaled(scaled: bigint): string {
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(DECIMALS + 1, '0');
  const decimals = digits.slice(-DECIMALS).replace(/0+$/, '');
  const whole = digits.slice(0, -DECIMALS);
  return `${scaled < 0n ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}
