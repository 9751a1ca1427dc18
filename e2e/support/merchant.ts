/**
 * A merchant with an account at the Cardstream stand-in: signed in to the dashboard, which is where
 * credentials are entered, and with a card that the gateway keeps.
 */
import { Stripe } from 'stripe';
import type { Account } from '@/server/processor/cardstream/gateway/accounts';
import { newBrowser } from '@/server/testing/browser';
import type { TestGateway } from '@/server/testing/gateway';
import { SECRET_KEY, type ServerProcess } from './process';
import { addressOf } from './stripe';

export const OWNER = { email: 'owner@example.com', password: 'correct-horse-battery' } as const;

/** What a server must be started with for its owner to sign in. */
export const WITH_OWNER = {
  CALMONY_OWNER_EMAIL: OWNER.email,
  CALMONY_OWNER_PASSWORD: OWNER.password,
} as const;

/** Ids of a customer and of a card of theirs, which is kept at the gateway. */
export interface Payer {
  readonly customer: string;
  readonly payment_method: string;
}

export interface Merchant extends Payer {
  readonly mode: 'test' | 'live';
  /** Of the processor account. */
  readonly account: string;
  readonly secretKey: string;
}

export interface MerchantOptions {
  readonly server: Pick<ServerProcess, 'port' | 'url'>;
  readonly gateway: Pick<TestGateway, 'token' | 'url'>;
  readonly at: Account;
  readonly mode: 'test' | 'live';
}

/** Enters the credentials as the owner does, tests them, and keeps a card. */
export async function setUpMerchant(options: MerchantOptions): Promise<Merchant> {
  const { server, gateway, at, mode } = options;
  const browser = newBrowser(
    async (request) => {
      const { pathname, search } = new URL(request.url);
      return fetch(new URL(pathname + search, server.url), {
        method: request.method,
        headers: request.headers,
        redirect: 'manual',
        ...(request.method === 'GET' ? {} : { body: await request.text() }),
      });
    },
    { origin: server.url },
  );
  const failure = await browser.signIn(OWNER.email, OWNER.password);
  if (failure !== null) throw new Error(`The owner could not sign in: ${failure}`);
  const stripe = new Stripe(SECRET_KEY, addressOf(server));
  const project = (await stripe.accounts.retrieveCurrent()).id;
  const api = browser.api({ account: project, mode });
  const { id: account } = await api.dashboard.processorAccounts.create.mutate({
    merchant_id: at.merchantID,
    secret: at.secret ?? '',
    base_url: gateway.url,
    three_d_secure: at.three_ds,
  });
  const tested = await api.dashboard.processorAccounts.test.mutate({ id: account });
  if (tested.result !== 'accepted') throw new Error(tested.message);
  const { secret: secretKey } = await api.apiKeys.create.mutate({ type: 'secret' });
  if (secretKey === undefined) throw new Error('The key was not shown.');
  return { mode, account, secretKey, ...(await newPayer(secretKey, options)) };
}

/** The stand-in's card that matches in everything. */
const CARD = { cardNumber: '4929421234600821', cardExpiryDate: '12/30', cardCVV: '356' };

/** A customer whose card was typed into the gateway's own fields, and saved. */
export async function newPayer(
  secretKey: string,
  { server, gateway, at }: Omit<MerchantOptions, 'mode'>,
): Promise<Payer> {
  const stripe = new Stripe(secretKey, addressOf(server));
  const { id: customer } = await stripe.customers.create({ name: 'Ada' });
  const token = await gateway.token({ merchantID: at.merchantID, ...CARD });
  const { id } = await stripe.paymentMethods.create({ type: 'card', card: { token } });
  await stripe.paymentMethods.attach(id, { customer });
  return { customer, payment_method: id };
}
