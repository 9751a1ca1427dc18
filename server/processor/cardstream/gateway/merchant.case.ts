/**
 * A merchant's backend for tests of the stand-in, written from the guide and with nothing of ours: it
 * signs and verifies by itself, so that a mistake in our signature is not confirmed by our signature.
 */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { Account } from './accounts';
import { createGateway, type Gateway } from './gateway';
import type { Switches } from './switches';

export type Values = Readonly<Record<string, string | number>>;

/** Like PHP's urlencode. */
const urlencode = (text: string): string =>
  new URLSearchParams([['', text]]).toString().slice(1).replaceAll('*', '%2A');

const formOf = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${urlencode(name)}=${urlencode(value)}`).join('&');

export function signatureOf(pairs: readonly (readonly [string, string])[], secret: string): string {
  const groups = new Map<string, (readonly [string, string])[]>();
  for (const pair of pairs) {
    const [root = ''] = pair[0].split('[');
    if (root !== 'signature') groups.set(root, [...(groups.get(root) ?? []), pair]);
  }
  const sorted = [...groups].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const text = formOf(sorted.flatMap(([, group]) => group));
  const normal = text.replace(/%0D%0A|%0A%0D|%0D/g, '%0A');
  return createHash('sha512').update(`${normal}${secret}`).digest('hex');
}

export const pairsOf = (fields: Values): (readonly [string, string])[] =>
  Object.entries<string | number>(fields).map(([name, value]) => [name, String(value)]);

export interface Received {
  readonly status: number;
  readonly text: string;
  readonly pairs: readonly (readonly [string, string])[];
  readonly fields: Readonly<Record<string, string>>;
}

export const toReceived = (status: number, text: string): Received => {
  const pairs = [...new URLSearchParams(text)];
  return { status, text, pairs, fields: Object.fromEntries(pairs) };
};

/** Fails the test where an answer is not signed with the secret. */
export function expectSigned({ pairs, fields }: Received, secret: string): void {
  expect(fields['signature']).toBe(signatureOf(pairs, secret));
}

export const SECRET = 'Circle4Take40Idea';
/** Without 3-D Secure, and with it. */
export const PLAIN = Account.parse({ merchantID: '100001', secret: SECRET });
export const SECURE = Account.parse({ merchantID: '100856', secret: SECRET, three_ds: true });

export interface Merchant {
  readonly gateway: Gateway;
  /** Signs, sends, and verifies what comes back. */
  send(fields: Values): Promise<Readonly<Record<string, string>>>;
  /** Signs and sends; gives back all that came. */
  post(fields: Values, account?: Account): Promise<Received>;
  /** Sends what is given, as it is. */
  postRaw(body: string): Promise<Received>;
  /** A sale that is approved, with these fields besides. */
  sale(fields?: Values): Promise<Readonly<Record<string, string>>>;
  /** What the books say of a transaction. */
  state(xref: string): string | undefined;
}

/** The time at which the stand-in of a test begins. */
export const START = Date.UTC(2026, 2, 10, 12, 0, 0);

export const CARD = {
  cardNumber: '4929421234600821',
  cardExpiryDate: '0128',
  cardCVV: '356',
};

export const ADDRESS = {
  customerAddress: 'Flat 6, Primrose Rise, 347 Lavender Road, Northampton',
  customerPostcode: 'NN17 8YG',
};

let counter = 0;
/** Never the same twice. */
export const newReference = (): string => `ref_${(counter += 1)}`;

/** What a browser would say of itself. */
export const DEVICE = {
  threeDSRedirectURL: 'https://shop.example/3ds?payment=1',
  remoteAddress: '192.0.2.7',
  deviceChannel: 'browser',
  deviceIdentity: 'Mozilla/5.0',
  deviceAcceptContent: 'text/html',
  deviceAcceptLanguage: 'en-GB',
  deviceCapabilities: 'javascript',
  deviceScreenResolution: '1920x1080x24',
  deviceTimeZone: '0',
};

export function newMerchant(
  account: Account = PLAIN,
  switches: Partial<Switches> = {},
  journal?: string,
): Merchant {
  const gateway = createGateway({
    accounts: [PLAIN, SECURE, account],
    clock: () => START,
    origin: () => 'https://stand-in.example',
    switches,
    journal,
  });
  const postRaw = async (body: string): Promise<Received> => {
    const response = await gateway.app.request('/direct/', { method: 'POST', body });
    return toReceived(response.status, await response.text());
  };
  const post = (fields: Values, by = account): Promise<Received> => {
    const pairs = pairsOf({ merchantID: by.merchantID, ...fields });
    const signature =
      by.secret === null ? [] : [['signature', signatureOf(pairs, by.secret)] as const];
    return postRaw(formOf([...pairs, ...signature]));
  };
  const send = async (fields: Values) => {
    const received = await post(fields);
    expect(received.status).toBe(200);
    if (account.secret !== null) expectSigned(received, account.secret);
    return received.fields;
  };
  return {
    gateway,
    post,
    postRaw,
    send,
    sale: (fields = {}) => send({ ...newSale(), ...fields }),
    state: (xref) => gateway.bank.books.byXref(xref)?.state,
  };
}

/** A sale that nothing is wrong with. */
export const newSale = (): Values => ({
  action: 'SALE',
  type: 1,
  amount: 1_099,
  currencyCode: 826,
  countryCode: 826,
  transactionUnique: newReference(),
  ...CARD,
});
