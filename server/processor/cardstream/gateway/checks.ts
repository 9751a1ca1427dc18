/** AVS and CV2: whether the address and the security code are the cardholder's. */
import type { Field } from '../fields';
import type { TestCard } from './cards';
import type { Check } from './transaction';

export interface Checks {
  readonly cv2: Check;
  readonly postcode: Check;
  readonly address: Check;
}

export const NOT_CHECKED: Checks = {
  cv2: 'not checked',
  postcode: 'not checked',
  address: 'not checked',
};

/** What is absent does not match: so it was recorded. */
export const checkCvv = (card: TestCard | null, cvv: string | undefined): Check =>
  card !== null && cvv === card.cvv ? 'matched' : 'not matched';

/** Only digits are compared. */
export function checkAddress(
  card: TestCard,
  given: { readonly address: string | undefined; readonly postcode: string | undefined },
): Omit<Checks, 'cv2'> {
  const compare = (known: string | null, said: string | undefined): Check => {
    if (known === null) return 'not checked';
    return said !== undefined && digits(said) === digits(known) ? 'matched' : 'not matched';
  };
  return {
    postcode: compare(card.postcode, given.postcode),
    address: compare(card.address, given.address),
  };
}

const digits = (text: string): string => text.replace(/\D/g, '');

const DIGIT: Readonly<Record<Check, string>> = {
  'not known': '0',
  'not checked': '1',
  matched: '2',
  'not matched': '4',
};

/** The host of the merchant answered: fourth digit, as recorded of the test environment. */
const AUTHORITY = '100';

export const toResults = (checks: Checks): Field[] => [
  ['avscv2ResponseCode', `${digitsOf(checks)}${AUTHORITY}`],
  ['avscv2ResponseMessage', messageOf(checks)],
  ['avscv2AuthEntity', 'merchant host'],
  ['cv2Check', checks.cv2],
  ['addressCheck', checks.address],
  ['postcodeCheck', checks.postcode],
];

const digitsOf = ({ cv2, postcode, address }: Checks): string =>
  DIGIT[cv2] + DIGIT[postcode] + DIGIT[address];

function messageOf(checks: Checks): string {
  const { cv2, postcode, address } = checks;
  const isAddress = postcode === 'matched' && address === 'matched';
  if (digitsOf(checks) === '111') return 'DATA NOT CHECKED';
  if (cv2 === 'matched') return isAddress ? 'ALL MATCH' : 'SECURITY CODE MATCH ONLY';
  return isAddress ? 'ADDRESS MATCH ONLY' : 'NO DATA MATCHES';
}

/** Whether a list such as `matched,not checked` has the result in it. */
export const accepts = (preference: string, result: string): boolean =>
  preference.split(',').some((one) => one.trim() === result);
