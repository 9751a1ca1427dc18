/**
 * What a unit costs, as it is asked for and as it is kept: one amount, an amount that the customer
 * chooses, or tiers; in the price's own currency and in further ones. Pure.
 *
 * An amount may be finer than the minor unit, with up to twelve decimals. It is kept as decimal
 * text always, and as an integer (pence) too where it is whole.
 */
import type { CurrencyOption, StoredTier } from '@/db/schema/prices';
import { formatAmount, minimumCharge } from '@/server/kernel/currencies';
import { invalidState, parameterInvalid, parametersExclusive } from '@/server/kernel/errors';
import { AMOUNT_MAX } from '@/server/kernel/money';
import type { GivenOption, GivenTier } from './params';

export type BillingScheme = 'per_unit' | 'tiered';
export type CurrencyOptions = Readonly<Record<string, CurrencyOption>>;

/** How a unit is charged in one currency. */
export type Amount = Omit<CurrencyOption, 'tax_behavior'>;
export type GivenAmount = Omit<GivenOption, 'tax_behavior'>;

/** Where a parameter stands, for naming it in an error: `currency_options[eur]`, or the top. */
export type Place = string | null;

export const paramIn = (place: Place, param: string): string =>
  place === null ? param : `${place}[${param}]`;

/**
 * @throws ApiError 400 when there is no amount, or more than one kind of it, or not the kind that
 *   the scheme has.
 */
export function toAmount(
  given: GivenAmount,
  scheme: BillingScheme,
  currency: string,
  place: Place = null,
): Amount {
  const { custom_unit_amount: custom, tiers } = given;
  const named = (['unit_amount', 'unit_amount_decimal', 'custom_unit_amount'] as const).filter(
    (param) => given[param] !== undefined,
  );
  if (scheme === 'tiered') {
    const [extra] = named;
    if (extra !== undefined) {
      const param = paramIn(place, extra);
      throw parameterInvalid(`You cannot set \`${param}\` with \`billing_scheme=tiered\`.`, param);
    }
    return { ...NOTHING, tiers: toTiers(tiers ?? [], place) };
  }
  if (tiers !== undefined) {
    const param = paramIn(place, 'tiers');
    throw parameterInvalid(`You cannot set \`${param}\` without \`billing_scheme=tiered\`.`, param);
  }
  if (named.length > 1) throw parametersExclusive(named.map((param) => paramIn(place, param)));
  if (custom !== undefined) {
    return { ...NOTHING, custom_unit_amount: toCustomAmount(custom, currency, place) };
  }
  const unit = toUnit(given, 'unit_amount', place);
  if (unit === null) {
    throw invalidState(
      'Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.',
      'parameter_missing',
      paramIn(place, 'unit_amount'),
    );
  }
  return { ...NOTHING, unit_amount: unit.whole, unit_amount_decimal: unit.decimal };
}

const NOTHING = { custom_unit_amount: null, unit_amount: null, unit_amount_decimal: null };

type Kind = 'unit_amount' | 'flat_amount';

type InUnits = { readonly [kind in Kind]?: number | undefined } & {
  readonly [kind in `${Kind}_decimal`]?: string | undefined;
};

interface Unit {
  readonly whole: number | null;
  readonly decimal: string;
}

/** The amount, however it was given; null where it was not. */
function toUnit(given: InUnits, kind: Kind, place: Place): Unit | null {
  const whole = given[kind];
  const text = given[`${kind}_decimal`];
  if (text === undefined) return whole === undefined ? null : { whole, decimal: String(whole) };
  const param = paramIn(place, `${kind}_decimal`);
  if (whole !== undefined) throw parametersExclusive([paramIn(place, kind), param]);
  const [digits, decimals = ''] = text.split('.');
  const integer = Number(digits);
  const fraction = decimals.replace(/0+$/, '');
  if (integer > AMOUNT_MAX || (integer === AMOUNT_MAX && fraction !== '')) {
    const message = `This value must be less than or equal to ${AMOUNT_MAX}.`;
    throw parameterInvalid(message, param, 'amount_too_large');
  }
  return fraction === ''
    ? { whole: integer, decimal: String(integer) }
    : { whole: null, decimal: `${integer}.${fraction}` };
}

function toCustomAmount(
  given: NonNullable<GivenAmount['custom_unit_amount']>,
  currency: string,
  place: Place,
): NonNullable<Amount['custom_unit_amount']> {
  const { maximum = null, minimum = null, preset = null } = given;
  const at = paramIn(place, 'custom_unit_amount');
  const least = minimumCharge(currency);
  if (minimum !== null && minimum < least) {
    throw parameterInvalid(
      `The minimum must be at least ${formatAmount(least, currency)}.`,
      paramIn(at, 'minimum'),
      'amount_too_small',
    );
  }
  if (maximum !== null && maximum < (minimum ?? least)) {
    throw parameterInvalid(
      'The maximum must not be less than the minimum.',
      paramIn(at, 'maximum'),
    );
  }
  if (preset !== null && (preset < (minimum ?? least) || preset > (maximum ?? AMOUNT_MAX))) {
    throw parameterInvalid(
      'The preset must be between the minimum and the maximum.',
      paramIn(at, 'preset'),
    );
  }
  return { maximum, minimum, preset };
}

function toTiers(given: readonly GivenTier[], place: Place): StoredTier[] {
  const param = paramIn(place, 'tiers');
  if (given.length === 0) {
    throw invalidState(
      'Prices with `billing_scheme=tiered` require `tiers` to be set.',
      'parameter_missing',
      param,
    );
  }
  if (given.at(-1)?.up_to !== 'inf') {
    throw parameterInvalid('The last tier must have `up_to` set to `inf`.', param);
  }
  let below = 0;
  return given.map((tier, index) => {
    const last = index === given.length - 1;
    if (tier.up_to === 'inf' ? !last : tier.up_to <= below) {
      throw parameterInvalid('Tiers must be in the order of a growing `up_to`.', param);
    }
    if (tier.up_to !== 'inf') below = tier.up_to;
    return toTier(tier, `${param}[${index}]`);
  });
}

function toTier(given: GivenTier, place: string): StoredTier {
  const unit = toUnit(given, 'unit_amount', place);
  const flat = toUnit(given, 'flat_amount', place);
  if (unit === null && flat === null) {
    throw parameterInvalid('A tier needs a `unit_amount` or a `flat_amount`.', place);
  }
  return {
    flat_amount: flat?.whole ?? null,
    flat_amount_decimal: flat?.decimal ?? null,
    unit_amount: unit?.whole ?? null,
    unit_amount_decimal: unit?.decimal ?? null,
    up_to: given.up_to === 'inf' ? null : given.up_to,
  };
}

/**
 * The further currencies after a change. What is given for a currency replaces its amount; given
 * without one, the amount stays.
 *
 * @param currency the price's own, which cannot be among them.
 * @throws ApiError 400 as `toAmount`, for the price's own currency, and for a tax behavior that was
 *   decided already.
 */
export function mergeOptions(
  before: CurrencyOptions | null,
  given: Readonly<Record<string, GivenOption>>,
  { scheme, currency, place }: { scheme: BillingScheme; currency: string; place: Place },
): Record<string, CurrencyOption> {
  const options = { ...before };
  for (const [code, { tax_behavior, ...amount }] of Object.entries(given)) {
    const at = paramIn(paramIn(place, 'currency_options'), code);
    if (code === currency) {
      throw parameterInvalid(
        'You are specifying a currency option that matches the top-level currency for this price. Please remove this currency option and use the top-level params instead.',
        at,
      );
    }
    const old = options[code];
    if (old !== undefined) assertTaxBehavior(old.tax_behavior, tax_behavior, at);
    const kept = old !== undefined && Object.keys(amount).length === 0;
    options[code] = {
      ...(kept ? old : toAmount(amount, scheme, code, at)),
      tax_behavior: tax_behavior ?? old?.tax_behavior ?? 'unspecified',
    };
  }
  return options;
}

/** Once it is said whether an amount includes taxes, it stays so. */
export function assertTaxBehavior(
  before: CurrencyOption['tax_behavior'],
  given: CurrencyOption['tax_behavior'] | undefined,
  place: Place = null,
): void {
  if (given === undefined || given === before || before === 'unspecified') return;
  throw parameterInvalid(
    `The \`tax_behavior\` of a price cannot be changed once it is \`${before}\`.`,
    paramIn(place, 'tax_behavior'),
  );
}
