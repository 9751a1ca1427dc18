/** What is asked of Cardstream, as fields. Credentials and signature are added by `line.ts`. */
import { CURRENCIES } from '@/server/kernel/currencies';
import type { Authorize, Billing, Browser } from '../processor';
import { numericCountry } from './countries';
import { asRecord, type Field, type Fields } from './fields';
import type { Switches } from './switches';

export interface Merchant {
  /** Where the merchant is: ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 18245, four digits, where the account has none on file. */
  readonly merchantCategoryCode?: string | null | undefined;
  /** Whether 3-D Secure is set up for the account. */
  readonly threeDSecure: boolean;
  /** Where the issuer's frame posts to when it is done, for the request of a reference. */
  readonly returnUrl: (reference: string) => string;
  /** Where signed copies of all answers go. */
  readonly callbackUrl: string;
  readonly switches: Switches;
}

/**
 * Seconds for which the gateway refuses the same request again: as long as it can. Without it a
 * repetition after a lost answer would be a second payment.
 */
export const DUPLICATE_DELAY = 9_999;

/** A card that the hosted fields made a token of, and that was not used yet. */
const HOSTED = 'hosted:';

/** The token of a card that was typed into Cardstream's fields, as we hand it on. */
export const hostedToken = (paymentToken: string): string => `${HOSTED}${paymentToken}`;

export const isHostedToken = (token: string): boolean => token.startsWith(HOSTED);

/** Whether the cardholder must be authenticated, and so their browser be known first. */
export const isAuthenticated = ({ threeDSecure }: Merchant, asked: Authorize): boolean =>
  threeDSecure && asked.initiator === 'customer' && !asked.off_session;

/** A SALE, or where nothing is to be paid a check of the card. */
export function authorization(merchant: Merchant, asked: Authorize): Fields {
  const isCheck = asked.amount === 0;
  const usesPreauth = isCheck && merchant.switches.card_check === 'PREAUTH';
  return [
    ['action', isCheck ? merchant.switches.card_check : 'SALE'],
    ['amount', String(usesPreauth ? PREAUTH_AMOUNT : asked.amount)],
    ...common(merchant, asked),
    ['type', typeOf(asked)],
    ['initiator', asked.initiator === 'merchant' ? 'merchant' : 'consumer'],
    ...agreementOf(asked),
    ...cardOf(asked),
    ...(isCheck ? [] : ([['captureDelay', asked.capture ? '0' : '-1']] satisfies Field[])),
    ...billingOf(asked.billing),
    ...given('statementNarrative1', asked.statement_descriptor),
    ...given('merchantCategoryCode', merchant.merchantCategoryCode ?? null),
    ...authenticationOf(merchant, asked),
  ];
}

/** What every new transaction says. */
const common = (
  { country, callbackUrl }: Merchant,
  { reference, currency }: { readonly reference: string; readonly currency: string },
): Field[] => [
  ['currencyCode', numericCurrency(currency)],
  ['countryCode', numericCountry(country) ?? country],
  ['transactionUnique', reference],
  ['orderRef', reference],
  ['duplicateDelay', String(DUPLICATE_DELAY)],
  ['callbackURL', callbackUrl],
];

export const numericCurrency = (currency: string): string =>
  CURRENCIES[currency]?.numeric ?? currency.toUpperCase();

/**
 * Currencies that the API counts in other units than ISO 4217 does, by which a gateway goes. To be a
 * hundred times wrong about an amount is worse than not to take it.
 */
const OTHER_UNITS: ReadonlySet<string> = new Set(['isk', 'mga', 'ugx']);

export const isCountedAlike = (currency: string): boolean =>
  CURRENCIES[currency] !== undefined && !OTHER_UNITS.has(currency);

/** In minor units: what a pre-authorisation that only checks a card reserves for a moment. */
const PREAUTH_AMOUNT = 100;

/** TABLE: `type` of what a merchant does alone. 9 is continuous authority, 2 is by post or telephone. */
const MERCHANTS_TYPE: Record<Authorize['agreement'], string> = {
  recurring: '9',
  instalment: '9',
  unscheduled: '2',
  card_on_file: '2',
  none: '2',
};

const typeOf = ({ initiator, agreement }: Authorize): string =>
  initiator === 'merchant' ? MERCHANTS_TYPE[agreement] : '1';

/** TABLE: `rtAgreementType`; what a merchant does alone always has one. */
const AGREEMENTS: Record<Authorize['initiator'], Record<Authorize['agreement'], string | null>> = {
  customer: {
    none: null,
    card_on_file: 'cardonfile',
    recurring: 'recurring',
    instalment: 'instalment',
    // Only a merchant has reasons of its own: the cardholder agrees to have the card kept for them.
    unscheduled: 'cardonfile',
  },
  merchant: {
    none: 'unscheduled',
    card_on_file: 'unscheduled',
    recurring: 'recurring',
    instalment: 'instalment',
    unscheduled: 'unscheduled',
  },
};

const agreementOf = ({ initiator, agreement }: Authorize): Field[] =>
  given('rtAgreementType', AGREEMENTS[initiator][agreement]);

/**
 * By a token of the hosted fields, once; then by a transaction that had the card. Only the card is
 * taken from there: what is not said would be taken too, the switches of an old request among it. Its
 * security code is never kept, so there is nothing to compare.
 */
function cardOf({ card: { token }, previous }: Authorize): Field[] {
  if (isHostedToken(token)) return [['paymentToken', token.slice(HOSTED.length)]];
  return [
    ['xref', previous ?? token],
    ['cloneFields', 'cardFields'],
    ['avscv2CheckRequired', 'N'],
  ];
}

/** Whether the issuer is asked to compare address and security code. */
export const isCompared = ({ card: { token } }: Authorize): boolean => isHostedToken(token);

function billingOf(billing: Billing | null): Field[] {
  if (billing === null) return [];
  const { name, line1, line2, city, state, postal_code, country, email, phone } = billing;
  const address = [line1, line2].filter((line) => line !== null && line !== '').join('\n');
  return [
    ...given('customerName', name),
    ...given('customerAddress', address),
    ...given('customerTown', city),
    ...given('customerCounty', state),
    ...given('customerPostcode', postal_code),
    ...given('customerCountryCode', country === null ? null : numericCountry(country)),
    ...given('customerEmail', email),
    ...given('customerPhone', phone),
  ];
}

function authenticationOf(merchant: Merchant, asked: Authorize): Field[] {
  if (!isAuthenticated(merchant, asked) || asked.browser === null) {
    return [['threeDSRequired', 'N']];
  }
  const { request_three_d_secure } = asked;
  return [
    ['threeDSRequired', 'Y'],
    ['threeDSRedirectURL', merchant.returnUrl(asked.reference)],
    ...given('threeDSCheckPref', merchant.switches.three_d_secure_results),
    // Before the authorisation, whatever the account prefers.
    ...(request_three_d_secure === 'automatic' ? [] : ([['threeDSPolicy', '1']] satisfies Field[])),
    ...deviceOf(asked.browser, merchant.switches),
    ...asRecord('threeDSOptions', [
      // As large as there is room: the frame is as large as the window.
      ['challengeWindowSize', '05'],
      ...(request_three_d_secure === 'challenge'
        ? ([['requestorChallengeIndicator', '03']] satisfies Field[])
        : []),
    ]),
  ];
}

function deviceOf({ ip, screen, ...browser }: Browser, { screen_order }: Switches): Field[] {
  const always: Field[] = [
    // An IPv4 address as a socket of both kinds tells it.
    ['remoteAddress', ip.replace(/^::ffff:(?=\d+\.)/, '')],
    ['deviceChannel', 'browser'],
    ['deviceIdentity', browser.user_agent.slice(0, 2_048)],
    ['deviceAcceptContent', browser.accept.slice(0, 2_048)],
    ['deviceAcceptLanguage', firstLanguage(browser.accept_language)],
  ];
  if (screen === null) return [...always, ['deviceCapabilities', '']];
  const { width, height, depth, time_zone, java } = screen;
  const sides = screen_order === 'WxHxD' ? [width, height] : [height, width];
  return [
    ...always,
    ['deviceCapabilities', java ? 'javascript,java' : 'javascript'],
    ['deviceScreenResolution', [...sides, knownDepth(depth)].join('x')],
    ['deviceTimeZone', String(time_zone)],
  ];
}

/** Of `en-GB,en;q=0.9` the first: EMV 3-D Secure has room for one. */
const firstLanguage = (header: string): string => /^[A-Za-z0-9-]{2,35}/.exec(header)?.[0] ?? 'en';

/** EMV 3-D Secure knows these colour depths: the next below is said of others, as of 30. */
const DEPTHS = [48, 32, 24, 16, 15, 8, 4];

const knownDepth = (depth: number): number => DEPTHS.find((known) => known <= depth) ?? 1;

/**
 * On with a payment that waits for its cardholder. Nothing else may be said, or it is another payment.
 *
 * @param answer what the issuer made the browser post, unchanged and in its order.
 */
export const continuation = (action: string, threeDSRef: string, answer: Fields): Fields => [
  ['action', action],
  ['threeDSRef', threeDSRef],
  ...asRecord('threeDSResponse', answer),
];

type Managed = 'QUERY' | 'CANCEL' | 'CAPTURE';

/** About a transaction that exists. It may not say anything of a new one. */
export const management = (
  { callbackUrl }: Merchant,
  action: Managed,
  xref: string,
  amount?: number,
): Fields => [
  ['action', action],
  ['xref', xref],
  ...(amount === undefined ? [] : ([['amount', String(amount)]] satisfies Field[])),
  ...(action === 'QUERY' ? [] : ([['callbackURL', callbackUrl]] satisfies Field[])),
];

/** Of a sale that was settled: a transaction of its own, with a reference of its own. */
export const refundSale = (
  merchant: Merchant,
  asked: {
    readonly reference: string;
    readonly transaction: string;
    readonly amount: number;
    readonly currency: string;
  },
): Fields => [
  ['action', 'REFUND_SALE'],
  ['xref', asked.transaction],
  ['amount', String(asked.amount)],
  ...common(merchant, asked),
];

const given = (name: string, value: string | null): Field[] =>
  value === null || value === '' ? [] : [[name, value]];
