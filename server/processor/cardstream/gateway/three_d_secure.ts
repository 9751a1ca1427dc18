/**
 * 3-D Secure 2 as the gateway speaks of it (Gateway Integration Guide V3.0, §5 and A-3): when it is
 * needed, what it says of itself on the way, and what its result is worth. Pure: the steps are in
 * `authenticate.ts`.
 */
import { asRecord, type Field } from '../fields';
import type { Account } from './accounts';
import type { TestCard } from './cards';
import { accepts } from './checks';
import { invalid, missing, type CheckedField, type Verdict } from './codes';
import { newCavv, timestampOf } from './mint';
import type { Given } from './request';
import type { Authentication, AuthenticationStatus, Transaction } from './transaction';

export interface Result {
  readonly status: AuthenticationStatus;
  readonly isEnrolled?: false;
  readonly error?: { readonly code: string; readonly description: string };
}

/** TABLE: what 3-D Secure says, by the month in which the card expires. C: ask the cardholder. */
export const MONTHS: readonly Result[] = [
  { status: 'Y' },
  { status: 'N' },
  { status: 'U' },
  { status: 'A' },
  { status: 'D' },
  { status: 'R' },
  { status: 'E', error: { code: '404', description: 'Unknown error' } },
  { status: 'E', error: { code: '402', description: 'Transaction timed out' } },
  { status: 'E', error: { code: '203', description: 'Format of one or more elements is invalid' } },
  { status: 'I' },
  { status: 'U', isEnrolled: false, error: { code: '13', description: 'Card not enrolled' } },
  { status: 'C' },
];

/** A directory server that would have to notify an address without TLS: recorded in 2022. */
export const PLAIN_NOTIFICATION: Result = {
  status: 'E',
  error: { code: '203', description: 'Format of one or more elements is invalid: notificationURL' },
};

export const resultOfMonth = (month: number): Result => MONTHS[month - 1] ?? { status: 'E' };

interface Meaning {
  readonly check: string;
  /** Electronic commerce indicator of Visa and the others, and of Mastercard. */
  readonly eci: readonly [string, string];
  /** Comes with an authentication value. */
  readonly hasValue?: true;
  readonly code: number;
  readonly message: string;
}

/**
 * TABLE: what each status is worth. The codes of 0 and 65800 are recorded, and the checks of Y, N, E
 * and of cards that are not enrolled; the others are inferred.
 */
const MEANINGS: Readonly<Record<Exclude<AuthenticationStatus, 'C'>, Meaning>> = {
  Y: {
    check: 'authenticated',
    eci: ['05', '02'],
    hasValue: true,
    code: 0,
    message: 'Successfully authenticated',
  },
  A: {
    check: 'attempted authentication',
    eci: ['06', '01'],
    hasValue: true,
    code: 0,
    message: 'Attempted authentication',
  },
  N: { check: 'not authenticated', eci: ['07', '00'], code: 65_803, message: 'Not authenticated' },
  R: {
    check: 'not authenticated',
    eci: ['07', '00'],
    code: 65_803,
    message: 'Authentication rejected by the issuer',
  },
  U: { check: 'not known', eci: ['07', '00'], code: 65_800, message: 'Unable to authenticate' },
  D: { check: 'not known', eci: ['07', '00'], code: 65_800, message: 'Decoupled authentication' },
  I: { check: 'not known', eci: ['07', '00'], code: 0, message: 'Information only' },
  E: { check: 'not known', eci: ['07', '00'], code: 65_800, message: '3DS authentication error' },
};

const NOT_ENROLLED: Partial<Meaning> = {
  check: 'not checked',
  code: 65_797,
  message: '3DS enrolment check error',
};

/** Whether this payment may be authenticated at all: the cardholder is there, and the card can. */
export const isEligible = (
  { type, initiator }: Transaction,
  given: Given,
  account: Account,
  card: TestCard,
): boolean =>
  account.three_ds &&
  type === '1' &&
  initiator === 'consumer' &&
  card.type.threeDS &&
  given.get('threeDSRequired') !== 'N';

const policyOf = (given: Given, account: Account): number =>
  Number(given.get('threeDSPolicy') ?? account.three_ds_policy);

/** 4 to 6 are 1 to 3 inside the jurisdiction of PSD2, where this gateway and its cards are. */
export const asksBefore = (given: Given, account: Account): boolean =>
  policyOf(given, account) % 3 !== 0;

export const asksForTheIssuer = (given: Given, account: Account): boolean =>
  policyOf(given, account) % 3 !== 2;

const RESOLUTION = /^[1-9]\d{0,5}x[1-9]\d{0,5}x(?:1|4|8|15|16|24|32|48)$/;

/** TABLE: what an issuer wants to know of the browser. */
const DEVICE: readonly {
  readonly name: CheckedField;
  readonly needs?: 'javascript';
  readonly hasForm?: (value: string) => boolean;
}[] = [
  {
    name: 'threeDSRedirectURL',
    hasForm: (value) => URL.canParse(value) && value.startsWith('http'),
  },
  { name: 'remoteAddress' },
  { name: 'deviceChannel', hasForm: (value) => /^(?:browser|app|other)$/.test(value) },
  { name: 'deviceIdentity', hasForm: (value) => value.length <= 2048 },
  { name: 'deviceAcceptContent' },
  { name: 'deviceAcceptLanguage' },
  {
    name: 'deviceScreenResolution',
    needs: 'javascript',
    hasForm: (value) => RESOLUTION.test(value),
  },
  { name: 'deviceTimeZone', needs: 'javascript', hasForm: (value) => /^-?\d{1,4}$/.test(value) },
];

/** What is missing for it, or wrong; null when it can begin. */
export function refuseDevice(given: Given): Verdict | null {
  const capabilities = (given.get('deviceCapabilities') ?? '').split(',');
  for (const { name, needs, hasForm } of DEVICE) {
    if (needs !== undefined && !capabilities.includes(needs)) continue;
    const value = given.get(name);
    if (value === undefined) return missing(name);
    if (hasForm?.(value) === false) return invalid(name);
  }
  return null;
}

export const hasDevice = (given: Given): boolean => given.has('threeDSRedirectURL');

export const VERSION = '2.1.0';

/** The address that the issuer's page leads back to, with what it is that comes back. */
export function notificationUrl(given: Given, stage: Authentication['stage']): string {
  const url = given.get('threeDSRedirectURL') ?? '';
  return `${url}${url.includes('?') ? '&' : '?'}threeDSAcsResponse=${stage}`;
}

/** What is for the browser: the page to be shown, and what is posted to it. */
export function requestOf(
  { stage, ref, serverTransID, acsTransID }: Authentication,
  given: Given,
  origin: string,
): Field[] {
  const request =
    stage === 'method'
      ? [
          'threeDSMethodData',
          base64url({
            threeDSMethodNotificationURL: notificationUrl(given, stage),
            threeDSServerTransID: serverTransID,
          }),
        ]
      : [
          'creq',
          base64url({
            messageType: 'CReq',
            messageVersion: VERSION,
            threeDSServerTransID: serverTransID,
            acsTransID,
          }),
        ];
  const [name = '', value = ''] = request;
  return [
    ['threeDSRef', ref],
    ['threeDSURL', `${origin}/acs${stage === 'method' ? '?method' : ''}`],
    ...asRecord('threeDSRequest', [[name, value]]),
  ];
}

export const base64url = (message: object): string =>
  Buffer.from(JSON.stringify(message)).toString('base64url');

/** A message of the protocol, or null where it is none. */
export function readMessage(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const message: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return typeof message === 'object' ? (message as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

/** What an answer says while the authentication goes on. */
export const progressOf = (
  { stage, serverTransID, dsTransID }: Authentication,
  now: number,
): Field[] => [
  ['threeDSEnrolled', 'Y'],
  ['threeDSCheck', 'not checked'],
  ['threeDSResponseCode', '65802'],
  ['threeDSResponseMessage', '3DS authentication required'],
  ['threeDSVersion', VERSION],
  ['threeDSXID', stage === 'method' ? serverTransID : dsTransID],
  [stage === 'method' ? 'threeDSVETimestamp' : 'threeDSCATimestamp', timestampOf(now)],
  ...asRecord('threeDSDetails', [
    ['transID', serverTransID],
    ['version', VERSION],
    ['versions', '2.1.0,2.2.0'],
    ['fallback', 'N'],
    ...(stage === 'method' ? [] : ([['transactionStatus', 'C']] satisfies Field[])),
    ['issuerCountryCode', '826'],
    ['acquirerCountryCode', '826'],
    ['psd2Region', 'Y'],
  ]),
];

/** What is answered about the result, now and whenever the transaction is asked for. */
export function resultFields(
  result: Result,
  {
    dsTransID,
    serverTransID,
    stage,
  }: Pick<Authentication, 'dsTransID' | 'serverTransID' | 'stage'>,
  card: TestCard,
  now: number,
): Field[] {
  const { status, isEnrolled = true, error } = result;
  const { check, eci, hasValue, code, message } = meaningOf(result);
  const isMastercard = card.type.schemeCode === 'MC';
  const indicator = eci[isMastercard ? 1 : 0];
  const value: Field[] = hasValue === true ? [['threeDSCAVV', newCavv(card.type.schemeCode)]] : [];
  return [
    ['threeDSEnrolled', isEnrolled ? 'Y' : 'N'],
    ['threeDSAuthenticated', status],
    ['threeDSXID', dsTransID],
    ['threeDSECI', indicator],
    ...value,
    ['threeDSVersion', VERSION],
    ['threeDSCheck', check],
    ['threeDSResponseCode', String(code)],
    ['threeDSResponseMessage', message],
    ...(error === undefined
      ? []
      : ([
          ['threeDSErrorCode', error.code],
          ['threeDSErrorDescription', error.description],
        ] satisfies Field[])),
    ['threeDSCATimestamp', timestampOf(now)],
    ...asRecord('threeDSDetails', [
      ['transID', serverTransID],
      ['version', VERSION],
      ['versions', '2.1.0,2.2.0'],
      ['fallback', 'N'],
      ['transactionStatus', status],
      ['transactionStatusReason', error?.description ?? ''],
      ['authenticationValue', value[0]?.[1] ?? ''],
      ['eci', indicator],
      ['interactionCounter', stage === 'challenge' ? '01' : '00'],
    ]),
  ];
}

const meaningOf = ({ status, isEnrolled }: Result): Meaning => ({
  ...MEANINGS[status === 'C' ? 'E' : status],
  ...(isEnrolled === false ? NOT_ENROLLED : {}),
});

/** Whether the merchant wants to go on with this. What an issuer rejects, nobody may authorise. */
export const isAccepted = (result: Result, given: Given, account: Account): boolean =>
  result.status !== 'R' &&
  accepts(given.get('threeDSCheckPref') ?? account.threeDSCheckPref, meaningOf(result).check);

/** What a merchant's own 3-D Secure server found out. */
export function externalResult(given: Given): Result | null {
  const status = given.get('threeDSAuthenticated');
  if (status === undefined) return null;
  const isKnown = /^[YNUADRIE]$/.test(status);
  const isEnrolled = given.get('threeDSEnrolled') !== 'N';
  return {
    status: isKnown ? (status as AuthenticationStatus) : 'E',
    ...(isEnrolled ? {} : { isEnrolled }),
  };
}

export const externalCheck = (result: Result): Field => ['threeDSCheck', meaningOf(result).check];

export const isAuthenticated = (result: Result | null): boolean =>
  result?.status === 'Y' || result?.status === 'A';
