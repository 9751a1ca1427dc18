/**
 * TABLE: Stripe's documented test cards, and what each does (https://docs.stripe.com/testing).
 *
 * A number is met here for the last time: it becomes a processor token such as `sim_visa`, and
 * nothing after this file sees or stores it. Not listed are numbers that no bank gets to see, such
 * as 4242424242424241, which fails the Luhn check (`incorrect_number`).
 *
 * Where Stripe says that a card is blocked "depending on your settings", the bank approves and
 * reports the check or the risk: such settings are the merchant's, not the bank's.
 */
import { createHash } from 'node:crypto';
import type { Checks } from '../processor';
import type { DeclineReason } from './declines';

export type Brand =
  | 'amex'
  | 'diners'
  | 'discover'
  | 'jcb'
  | 'mastercard'
  | 'unionpay'
  | 'unknown'
  | 'visa';

/** What follows a payment by itself. */
export type Sequel =
  | 'dispute_compliance'
  | 'dispute_fraudulent'
  | 'dispute_inquiry'
  | 'dispute_multiple'
  | 'dispute_product_not_received'
  | 'dispute_visa_ce3'
  | 'early_fraud_warning'
  /** The funds are available at once, instead of pending first. */
  | 'funds_available'
  /** A refund looks like a success, then fails. */
  | 'refund_fails'
  /** A refund is pending, then succeeds. */
  | 'refund_succeeds';

export interface TestCard {
  readonly number: string;
  readonly brand: Brand;
  readonly funding: 'credit' | 'debit' | 'prepaid';
  /** ISO 3166-1 alpha-2 of the issuer. */
  readonly country: string;
  /** `visa` stands for both `pm_card_visa` and `tok_visa`. Empty: Stripe has only the number. */
  readonly names: readonly string[];
  /** Why the issuer declines; absent, it approves. After a challenge, when there is one. */
  readonly decline?: DeclineReason;
  /** The decline is for payments only: the card can be verified, and so saved. */
  readonly saves?: true;
  /**
   * When the cardholder must prove who they are: on every payment; on every payment except an
   * off-session one of a card set up before; or on session only.
   */
  readonly challenge?: 'always' | 'on_session' | 'unless_set_up';
  /**
   * What comes of 3-D Secure where it is asked for: the issuer can tell its cardholder, without asking
   * where it is not told to; the look-up fails; the network does not have it. Absent, the card is not
   * enrolled, so that an attempt is all there is; one that must be challenged is enrolled.
   */
  readonly three_d_secure?: 'available' | 'fails' | 'not_supported';
  /** The issuer's checks where they differ from `pass` for the CVC and none for the address. */
  readonly checks?: Partial<Checks>;
  readonly risk_level?: 'elevated' | 'highest';
  readonly sequel?: Sequel;
  /** Networks of a co-branded card; otherwise its brand is the only one. */
  readonly networks?: readonly string[];
}

const credit = { brand: 'visa', funding: 'credit', country: 'US' } as const;
const debit = { ...credit, funding: 'debit' } as const;
const mastercard = { ...credit, brand: 'mastercard' } as const;
const discover = { ...credit, brand: 'discover' } as const;
const unionpay = { ...credit, brand: 'unionpay', country: 'CN' } as const;

const BY_BRAND: readonly TestCard[] = [
  { ...credit, number: '4242424242424242', names: ['visa', 'us'] },
  { ...credit, number: '4012888888881881', names: [] },
  { ...debit, number: '4000056655665556', names: ['visa_debit'] },
  { ...mastercard, number: '5555555555554444', names: ['mastercard'] },
  { ...mastercard, number: '2223003122003222', names: [] },
  { ...mastercard, funding: 'debit', number: '5200828282828210', names: ['mastercard_debit'] },
  { ...mastercard, funding: 'prepaid', number: '5105105105105100', names: ['mastercard_prepaid'] },
  {
    ...credit,
    brand: 'amex',
    number: '378282246310005',
    names: ['amex', 'amex_threeDSecureNotSupported'],
    three_d_secure: 'not_supported',
  },
  {
    ...credit,
    brand: 'amex',
    number: '371449635398431',
    names: [],
    three_d_secure: 'not_supported',
  },
  { ...discover, number: '6011111111111117', names: ['discover'] },
  { ...discover, number: '6011000990139424', names: [] },
  { ...discover, funding: 'debit', number: '6011981111111113', names: [] },
  { ...discover, country: 'KR', number: '6555900000604105', names: [] },
  { ...credit, brand: 'diners', number: '3056930009020004', names: ['diners'] },
  { ...credit, brand: 'diners', number: '36227206271667', names: [] },
  { ...credit, brand: 'jcb', country: 'JP', number: '3566002020360505', names: ['jcb'] },
  { ...unionpay, number: '6200000000000005', names: ['unionpay'] },
  { ...unionpay, funding: 'debit', number: '6200000000000047', names: [] },
  { ...unionpay, number: '6205500000000000004', names: [] },
  {
    ...credit,
    country: 'FR',
    number: '4000002500001001',
    names: ['visa_cartesBancaires'],
    networks: ['cartes_bancaires', 'visa'],
  },
  {
    ...mastercard,
    country: 'FR',
    number: '5555552500001001',
    names: ['mastercard_cartesBancaires'],
    networks: ['cartes_bancaires', 'mastercard'],
  },
  {
    ...debit,
    country: 'AU',
    number: '4000050360000001',
    names: ['visa_debit_eftposAuCoBranded'],
    networks: ['eftpos_au', 'visa'],
  },
  {
    ...mastercard,
    funding: 'debit',
    country: 'AU',
    number: '5555050360000080',
    names: ['mastercard_debit_eftposAuCoBranded'],
    networks: ['eftpos_au', 'mastercard'],
  },
  {
    ...debit,
    number: '4000051230000072',
    names: ['debit_visaFsaProductCode', 'debit_visaHsaProductCode'],
  },
  {
    ...mastercard,
    funding: 'debit',
    number: '5200828282828897',
    names: ['mastercard_debit_mastercardFsaProductCode'],
  },
];

/** Visa credit cards, named for their country: `pm_card_gb` is 4000008260000000. */
const VISA_OF_COUNTRY = {
  AR: '4000000320000021',
  AT: '4000000400000008',
  AU: '4000000360000006',
  BE: '4000000560000004',
  BG: '4000001000000000',
  BR: '4000000760000002',
  BY: '4000001120000005',
  CA: '4000001240000000',
  CH: '4000007560000009',
  CL: '4000001520000001',
  CN: '4000001560000002',
  CO: '4000001700000003',
  CR: '4000001880000005',
  CY: '4000001960000008',
  CZ: '4000002030000002',
  DE: '4000002760000016',
  DK: '4000002080000001',
  EC: '4000002180000000',
  ES: '4000007240000007',
  FI: '4000002460000001',
  FR: '4000002500000003',
  GB: '4000008260000000',
  GR: '4000003000000030',
  HK: '4000003440000004',
  HU: '4000003480000005',
  IE: '4000003720000005',
  IN: '4000003560000008',
  IT: '4000003800000008',
  JP: '4000003920000003',
  LT: '4000004400000000',
  LU: '4000004420000006',
  LV: '4000004280000005',
  MT: '4000004700000007',
  MX: '4000004840008001',
  MY: '4000004580000002',
  NL: '4000005280000002',
  NO: '4000005780000007',
  NZ: '4000005540000008',
  PA: '4000005910000000',
  PE: '4000006040000068',
  PL: '4000006160000005',
  PT: '4000006200000007',
  PY: '4000006000000066',
  RO: '4000006420000001',
  SA: '4000006820000007',
  SE: '4000007520000008',
  SG: '4000007020000003',
  SI: '4000007050000006',
  SK: '4000007030000001',
  TW: '4000001580000008',
  UY: '4000008580000003',
} as const;

const BY_COUNTRY: readonly TestCard[] = [
  ...Object.entries(VISA_OF_COUNTRY).map(([country, number]) => ({
    ...credit,
    country,
    number,
    names: [country.toLowerCase()],
  })),
  { ...debit, country: 'GB', number: '4000058260000005', names: ['gb_debit'] },
  { ...mastercard, country: 'GB', number: '5555558265554449', names: ['gb_mastercard'] },
  { ...credit, brand: 'unknown', country: 'MX', number: '5062210000000009', names: [] },
  { ...credit, brand: 'jcb', country: 'JP', number: '3530111333300000', names: [] },
  { ...credit, country: 'TH', number: '4000007640000003', names: ['th_credit'] },
  { ...debit, country: 'TH', number: '4000057640000008', names: ['th_debit'] },
];

const DECLINED: readonly TestCard[] = [
  {
    ...credit,
    number: '4000000000000002',
    names: ['visa_chargeDeclined', 'chargeDeclined'],
    decline: 'generic_decline',
  },
  {
    ...credit,
    number: '4000000000009995',
    names: ['visa_chargeDeclinedInsufficientFunds', 'chargeDeclinedInsufficientFunds'],
    decline: 'insufficient_funds',
  },
  {
    ...credit,
    number: '4000000000009987',
    names: ['visa_chargeDeclinedLostCard', 'chargeDeclinedLostCard'],
    decline: 'lost_card',
  },
  {
    ...credit,
    number: '4000000000009979',
    names: ['visa_chargeDeclinedStolenCard', 'chargeDeclinedStolenCard'],
    decline: 'stolen_card',
  },
  {
    ...credit,
    number: '4000000000000069',
    names: ['chargeDeclinedExpiredCard', 'visa_chargeDeclinedExpiredCard'],
    decline: 'expired_card',
  },
  {
    ...credit,
    number: '4000000000000127',
    names: ['chargeDeclinedIncorrectCvc', 'visa_chargeDeclinedIncorrectCvc'],
    decline: 'incorrect_cvc',
    checks: { cvc_check: 'fail' },
  },
  {
    ...credit,
    number: '4000000000000119',
    names: ['chargeDeclinedProcessingError', 'visa_chargeDeclinedProcessingError'],
    decline: 'processing_error',
  },
  {
    ...credit,
    number: '4000000000006975',
    names: ['visa_chargeDeclinedVelocityLimitExceeded'],
    decline: 'card_velocity_exceeded',
  },
  {
    ...credit,
    number: '4000000000000341',
    names: ['chargeCustomerFail', 'visa_chargeCustomerFail'],
    decline: 'generic_decline',
    saves: true,
  },
];

const RISKY: readonly TestCard[] = [
  {
    ...credit,
    number: '4100000000000019',
    names: ['radarBlock', 'chargeDeclinedFraudulent', 'visa_chargeDeclinedFraudulent'],
    decline: 'fraudulent',
    risk_level: 'highest',
  },
  { ...credit, number: '4000000000004954', names: ['riskLevelHighest'], risk_level: 'highest' },
  { ...credit, number: '4000000000009235', names: ['riskLevelElevated'], risk_level: 'elevated' },
  {
    ...credit,
    number: '4000000000000101',
    names: ['cvcCheckFail'],
    checks: { cvc_check: 'fail' },
  },
  {
    ...credit,
    number: '4000000000000036',
    names: ['avsZipFail'],
    checks: { address_line1_check: 'pass', address_postal_code_check: 'fail' },
  },
  {
    ...credit,
    number: '4000058400307872',
    names: ['cvcCheckFailElevatedRisk'],
    checks: { cvc_check: 'fail' },
    risk_level: 'elevated',
  },
  {
    ...credit,
    number: '4000058400306072',
    names: ['avsZipFailElevatedRisk'],
    checks: { address_line1_check: 'pass', address_postal_code_check: 'fail' },
    risk_level: 'elevated',
  },
  {
    ...credit,
    number: '4000000000000028',
    names: ['avsLine1Fail'],
    checks: { address_line1_check: 'fail', address_postal_code_check: 'pass' },
  },
  {
    ...credit,
    number: '4000000000000010',
    names: ['avsFail'],
    checks: { address_line1_check: 'fail', address_postal_code_check: 'fail' },
  },
  {
    ...credit,
    number: '4000000000000044',
    names: ['avsUnchecked'],
    checks: { address_line1_check: 'unavailable', address_postal_code_check: 'unavailable' },
  },
];

const WITH_A_SEQUEL: readonly TestCard[] = [
  {
    ...credit,
    number: '4000000000000259',
    names: ['createDispute'],
    sequel: 'dispute_fraudulent',
  },
  {
    ...credit,
    number: '4000000000002685',
    names: ['createDisputeProductNotReceived'],
    sequel: 'dispute_product_not_received',
  },
  {
    ...credit,
    number: '4000000000001976',
    names: ['createDisputeInquiry'],
    sequel: 'dispute_inquiry',
  },
  {
    ...credit,
    number: '4000000000005423',
    names: ['createIssuerFraudRecord'],
    sequel: 'early_fraud_warning',
  },
  {
    ...credit,
    number: '4000000404000079',
    names: ['createMultipleDisputes'],
    sequel: 'dispute_multiple',
  },
  {
    ...credit,
    number: '4000000404000038',
    names: ['createCe3EligibleDispute'],
    sequel: 'dispute_visa_ce3',
  },
  {
    ...credit,
    number: '4000008400000779',
    names: ['createComplianceDispute'],
    sequel: 'dispute_compliance',
  },
  { ...credit, number: '4000000000007726', names: ['pendingRefund'], sequel: 'refund_succeeds' },
  { ...credit, number: '4000000000005126', names: ['refundFail'], sequel: 'refund_fails' },
  { ...credit, number: '4000000000000077', names: ['bypassPending'], sequel: 'funds_available' },
  {
    ...credit,
    country: 'IE',
    number: '4000003720000278',
    names: ['bypassPendingInternational'],
    sequel: 'funds_available',
  },
];

const THREE_D_SECURE: readonly TestCard[] = [
  {
    ...credit,
    country: 'FR',
    number: '4000002500003155',
    names: ['authenticationRequiredOnSetup'],
    challenge: 'unless_set_up',
  },
  {
    ...credit,
    country: 'DE',
    number: '4000002760003184',
    names: ['authenticationRequired'],
    challenge: 'always',
  },
  {
    ...credit,
    country: 'IT',
    number: '4000003800000446',
    names: ['authenticationRequiredSetupForOffSession'],
    challenge: 'on_session',
  },
  {
    ...credit,
    country: 'GB',
    number: '4000008260003178',
    names: ['authenticationRequiredChargeDeclinedInsufficientFunds'],
    challenge: 'on_session',
    decline: 'insufficient_funds',
    saves: true,
  },
  {
    ...credit,
    number: '4000000000003220',
    names: ['threeDSecure2Required'],
    challenge: 'always',
  },
  { ...credit, number: '4000000000003063', names: ['threeDSecureRequired'], challenge: 'always' },
  {
    ...credit,
    number: '4000008400001629',
    names: ['threeDSecureRequiredChargeDeclined'],
    challenge: 'always',
    decline: 'generic_decline',
  },
  // The lookup itself fails, so the cardholder is never challenged.
  {
    ...credit,
    number: '4000008400001280',
    names: ['threeDSecureRequiredProcessingError'],
    challenge: 'always',
    three_d_secure: 'fails',
    decline: 'generic_decline',
  },
  // 3-D Secure is possible but nothing asks for it by itself.
  {
    ...credit,
    number: '4000000000003055',
    names: ['threeDSecureOptional'],
    three_d_secure: 'available',
  },
  {
    ...credit,
    number: '4000000000003097',
    names: ['threeDSecureOptionalProcessingError'],
    three_d_secure: 'fails',
  },
  // Each shows another form of the challenge in a mobile app; elsewhere they do not differ.
  { ...debit, number: '4000582600000094', names: [], country: 'GB', challenge: 'always' },
  { ...debit, number: '4000582600000045', names: [], country: 'GB', challenge: 'always' },
  { ...debit, number: '4000582600000102', names: [], country: 'GB', challenge: 'always' },
  { ...debit, number: '4000582600000110', names: [], country: 'GB', challenge: 'always' },
];

export const CARDS: readonly TestCard[] = [
  ...BY_BRAND,
  ...BY_COUNTRY,
  ...DECLINED,
  ...RISKY,
  ...WITH_A_SEQUEL,
  ...THREE_D_SECURE,
];

/** What is needed to fill Stripe's `payment_method.card`, except the expiry, which is the payer's. */
export interface CardFacts {
  /** The processor token, such as `sim_visa`. */
  readonly token: string;
  readonly brand: Brand;
  readonly display_brand: string;
  readonly funding: TestCard['funding'];
  readonly country: string;
  readonly last4: string;
  /** The same for the same number, 16 base62 characters. */
  readonly fingerprint: string;
  readonly networks: { readonly available: readonly string[]; readonly preferred: null };
}

/** The brands whose display name differs: https://docs.stripe.com/api/payment_methods/object. */
const DISPLAY_BRAND: Partial<Record<Brand, string>> = {
  amex: 'american_express',
  diners: 'diners_club',
  unionpay: 'union_pay',
  unknown: 'other',
};

/**
 * The facts of a test card, or null when the number is not one.
 *
 * `cvc` tells whether one was typed along with it: without one an issuer has nothing to check, so
 * the cards that fail that check pass. The CVC itself is not wanted, any value does.
 */
export function cardByNumber(number: string, { cvc = true } = {}): CardFacts | null {
  const card = BY_NUMBER.get(number);
  if (card === undefined) return null;
  return { ...factsOf(card), token: cvc ? tokenOf(card) : `${tokenOf(card)}${WITHOUT_CVC}` };
}

/** The facts behind one of Stripe's test PaymentMethods, such as `pm_card_visa`, or null. */
export const cardByPaymentMethodId = (id: string): CardFacts | null => cardByName('pm_card_', id);

/** The facts behind one of Stripe's test tokens, such as `tok_visa`, or null. */
export const cardByToken = (id: string): CardFacts | null => cardByName('tok_', id);

/**
 * The processor token of a card once it is saved as the payment method `id`. The bank then tells
 * it from the same test card saved by somebody else, and remembers which of them was set up.
 */
export const vaulted = (token: string, id: string): string => `${token}${VAULT}${id}`;

/** The row behind a processor token, vaulted or not, or null when no card has it. */
export const cardOf = (processorToken: string): TestCard | null =>
  BY_PROCESSOR_TOKEN.get(bare(processorToken)) ?? null;

/** False for a card that was saved without a CVC. */
export const hasCvc = (processorToken: string): boolean => !processorToken.includes(WITHOUT_CVC);

/** The token as it stands once a CVC has been typed for this payment. */
export const withCvc = (processorToken: string): string => processorToken.replace(WITHOUT_CVC, '');

/** Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B). */
export function isLuhnValid(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  let sum = 0;
  for (let fromTheRight = 0; fromTheRight < number.length; fromTheRight++) {
    const digit = Number(number.at(-1 - fromTheRight));
    const weighted = fromTheRight % 2 === 0 ? digit : 2 * digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** `length` base62 characters that depend on nothing but the text. */
export function digest(text: string, length: number): string {
  let rest = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
  let letters = '';
  for (; letters.length < length; rest /= 62n) letters += ALPHABET[Number(rest % 62n)];
  return letters;
}

/** A UUID (RFC 9562, version 8) that depends on nothing but the text. */
export function digestUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const WITHOUT_CVC = '.without_cvc';
const VAULT = '/';

const bare = (token: string): string => withCvc(token.split(VAULT, 1)[0] ?? '');

const tokenOf = ({ brand, names, number }: TestCard): string =>
  `sim_${names[0] ?? `${brand}_${number.slice(-4)}`}`;

function factsOf(card: TestCard): CardFacts {
  return {
    token: tokenOf(card),
    brand: card.brand,
    display_brand: DISPLAY_BRAND[card.brand] ?? card.brand,
    funding: card.funding,
    country: card.country,
    last4: card.number.slice(-4),
    fingerprint: digest(`fingerprint ${card.number}`, 16),
    networks: { available: card.networks ?? [card.brand], preferred: null },
  };
}

function cardByName(prefix: string, id: string): CardFacts | null {
  if (!id.startsWith(prefix)) return null;
  const card = BY_NAME.get(id.slice(prefix.length));
  return card === undefined ? null : factsOf(card);
}

const BY_NUMBER = new Map(CARDS.map((card) => [card.number, card]));
const BY_NAME = new Map(CARDS.flatMap((card) => card.names.map((name) => [name, card])));
const BY_PROCESSOR_TOKEN = new Map(CARDS.map((card) => [tokenOf(card), card]));
