/**
 * Cloning: a request that names an earlier transaction by its `xref` takes from it what it does not
 * bring itself (Gateway Integration Guide V3.0, A-16).
 */
import { rootOf, type Field } from '../fields';
import type { Given } from './request';
import type { Transaction } from './transaction';

const withPrefix = (prefix: string, ...names: readonly string[]): string[] =>
  names.map((name) => `${prefix}${name}`);

/** Parts of one thing: whoever sends one of them takes none from the past. */
const ADDRESS = ['Address', 'Town', 'County', 'Postcode', 'CountryCode'];
const EXPIRY = ['cardExpiryDate', 'cardExpiryMonth', 'cardExpiryYear'];
const START = ['cardStartDate', 'cardStartMonth', 'cardStartYear'];
const PARTIES = ['customer', 'merchant', 'delivery', 'supplier', 'receiver'];

const COMPOUNDS: readonly (readonly string[])[] = [
  EXPIRY,
  START,
  ...PARTIES.map((party) => withPrefix(party, ...ADDRESS)),
];

const CONTACT = ['Phone', 'Mobile', 'Fax', 'Email'];

/** TABLE: the names of groups, each with its fields. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  orderFields: [
    'type',
    'countryCode',
    'currencyCode',
    'amount',
    'grossAmount',
    'netAmount',
    'taxRate',
    'taxAmount',
    'taxReason',
    'discountAmount',
    'discountReason',
    'handlingAmount',
    'insuranceAmount',
    'surchargeAmount',
  ],
  orderRefFields: ['transactionUnique', 'orderRef', 'orderDate'],
  cardFields: ['paymentMethod', 'cardToken', 'cardNumber', ...EXPIRY, ...START, 'cardIssueNumber'],
  cardholderFields: withPrefix('customer', 'Name', 'Address', 'Postcode', 'Email', 'Phone'),
  purchaseFields: ['items'],
  narrativeFields: ['statementNarrative1', 'statementNarrative2'],
  avscv2Fields: [
    'avscv2CheckRequired',
    'cv2CheckPref',
    'addressCheckPref',
    'postcodeCheckPref',
    'customerAddress',
    'customerPostcode',
  ],
  riskCheckFields: ['riskCheckRequired', 'riskCheckPref', 'riskCheckOptions'],
  threedsFields: [
    'threeDSRequired',
    'threeDSPolicy',
    'threeDSCheckPref',
    'threeDSRedirectURL',
    'threeDSOptions',
    'scaExemption',
  ],
  notifyFields: ['notifyEmailRequired', 'notifyEmail'],
  cReceiptFields: ['customerReceiptsRequired', 'customerEmail'],
  merchantFields: withPrefix(
    'merchant',
    'Name',
    'Company',
    ...ADDRESS,
    ...CONTACT,
    'Website',
    'Data',
    'OrderRef',
    'CustomerRef',
    'TaxRef',
    'OriginalOrderRef',
    'CategoryCode',
    'AccountNo',
    'Type',
  ),
  customerFields: withPrefix(
    'customer',
    'Name',
    'Company',
    ...ADDRESS,
    ...CONTACT,
    'DateOfBirth',
    'OrderRef',
    'MerchantRef',
    'TaxRef',
  ),
  supplierFields: withPrefix('supplier', 'Name', 'Company', ...ADDRESS, ...CONTACT),
  receiverFields: withPrefix(
    'receiver',
    'Name',
    'Company',
    ...ADDRESS,
    ...CONTACT,
    'AccountNo',
    'DateOfBirth',
  ),
  deliveryFields: withPrefix('delivery', 'Name', 'Company', ...ADDRESS, ...CONTACT),
  shippingFields: withPrefix(
    'shipping',
    'TrackingRef',
    'Method',
    'Amount',
    'NetAmount',
    'GrossAmount',
    'TaxRate',
    'TaxAmount',
    'TaxReason',
    'DiscountAmount',
    'DiscountReason',
  ),
  mcc6012Fields: withPrefix('receiver', 'Name', 'Postcode', 'AccountNo', 'DateOfBirth'),
  deviceFields: withPrefix(
    'device',
    'Type',
    'Channel',
    'Identity',
    'TimeZone',
    'Capabilities',
    'AcceptContent',
    'AcceptCharset',
    'AcceptEncoding',
    'AcceptLanguage',
    'ScreenResolution',
    'OperatingSystem',
  ),
};

const CLONABLE = new Set(Object.values(GROUPS).flat());

/** Whether a field is a detail of a transaction, which a request about an old one must not bring. */
export const isDetail = (root: string): boolean => CLONABLE.has(root);

/** The fields that `cloneFields` asks for; all of them where it is absent, null where it is wrong. */
export function fieldsToClone(cloneFields: string | undefined): ReadonlySet<string> | null {
  if (cloneFields === undefined) return CLONABLE;
  const isExclusive = cloneFields.startsWith('!');
  const names = cloneFields.slice(isExclusive ? 1 : 0).split(',');
  const chosen = names.map((name) => name.trim()).filter((name) => name !== '');
  if (chosen.some((name) => !(name in GROUPS) && !CLONABLE.has(name))) return null;
  const listed = new Set(chosen.flatMap((name) => GROUPS[name] ?? [name]));
  return isExclusive ? new Set([...CLONABLE].filter((name) => !listed.has(name))) : listed;
}

/**
 * The request with what it takes from an earlier transaction. Its card is not among the fields: see
 * `clonesCard`.
 */
export function withCloned(
  given: Given,
  previous: Transaction,
  wanted: ReadonlySet<string>,
): Given {
  const isBrought = broughtBy(given);
  const cloned = previous.fields.filter(([name]): boolean => {
    const root = rootOf(name);
    return wanted.has(root) && !isBrought(root);
  });
  return new Map<string, string>([
    ...given,
    ...cloned.map(([name, value]): Field => [name, value]),
  ]);
}

/** What of the earlier card is taken: nothing where a token stands for another. */
export function clonesCard(
  given: Given,
  wanted: ReadonlySet<string>,
): { readonly number: boolean; readonly expiry: boolean } {
  const isBrought = broughtBy(given);
  const takes = (name: string): boolean =>
    wanted.has(name) && !isBrought(name) && !given.has('paymentToken');
  return { number: takes('cardNumber'), expiry: takes('cardExpiryDate') };
}

/** `customerPostCode` is how documents spell it now and then. */
const canonicalName = (root: string): string =>
  root === 'customerPostCode' ? 'customerPostcode' : root;

function broughtBy(given: Given): (root: string) => boolean {
  const roots = new Set([...given.keys()].map((name) => canonicalName(rootOf(name))));
  for (const compound of COMPOUNDS) {
    if (compound.some((name) => roots.has(name))) for (const name of compound) roots.add(name);
  }
  return (root) => roots.has(canonicalName(root));
}
