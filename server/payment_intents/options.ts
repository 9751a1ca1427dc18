/**
 * What is asked of cards in particular, beside what the intent says of every payment method: where
 * both say something, this counts. https://docs.stripe.com/api/payment_intents/create
 */
import type Stripe from 'stripe';
import type { Latitude } from '@/server/processor/processor';
import type { CardOptions, CreatePaymentIntent } from './params';
import type { PaymentIntentRow } from './store';

type Options = Stripe.PaymentIntent.PaymentMethodOptions;

const NOTHING_ASKED: Options = {
  card: {
    installments: null,
    mandate_options: null,
    network: null,
    request_three_d_secure: 'automatic',
  },
};

/** What is asked of cards, as Stripe shows it: what is not given stays. */
export function optionsOf(
  given: CreatePaymentIntent['payment_method_options'],
  before: Options | null = NOTHING_ASKED,
): Options {
  const { card } = given ?? {};
  const asked: Record<string, unknown> = { ...NOTHING_ASKED.card, ...before?.card };
  for (const name of SHOWN) {
    const value = card?.[name];
    if (value === '') delete asked[name];
    else if (value !== undefined) asked[name] = value;
  }
  return { card: asked as Options['card'] & object };
}

/** Beyond one capture of what is reserved: https://docs.stripe.com/payments/flexible-payments */
const WISHES = [
  'request_extended_authorization',
  'request_incremental_authorization',
  'request_multicapture',
  'request_overcapture',
] as const;

const SHOWN = [
  'capture_method',
  'request_three_d_secure',
  'setup_future_usage',
  ...WISHES,
] as const satisfies readonly (keyof CardOptions)[];

type Optioned = Pick<
  PaymentIntentRow,
  'capture_method' | 'payment_method_options' | 'setup_future_usage'
>;

export const isCapturedLater = ({ capture_method, payment_method_options }: Optioned): boolean =>
  (payment_method_options?.card?.capture_method ?? capture_method) === 'manual';

/** For what the card is kept once it was charged; null where it is not. */
export function futureUsageOf({
  setup_future_usage,
  payment_method_options,
}: Optioned): FutureUsage | null {
  const asked = payment_method_options?.card?.setup_future_usage ?? setup_future_usage;
  return isKept(asked) ? asked : null;
}

type FutureUsage = NonNullable<PaymentIntentRow['setup_future_usage']>;

const isKept = (asked: string | null): asked is FutureUsage =>
  asked === 'off_session' || asked === 'on_session';

/** TABLE: what is asked for by which option. */
const LATITUDES: Readonly<Record<(typeof WISHES)[number], Latitude>> = {
  request_extended_authorization: 'extended_authorization',
  request_incremental_authorization: 'incremental_authorization',
  request_multicapture: 'multicapture',
  request_overcapture: 'overcapture',
};

/** Banks grant them to what they only reserve. */
export const latitudesOf = (intent: Optioned): Latitude[] =>
  isCapturedLater(intent)
    ? WISHES.filter((wish) => intent.payment_method_options?.card?.[wish] === 'if_available').map(
        (wish) => LATITUDES[wish],
      )
    : [];
