import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';
import { PUBLISHABLE_KEY, SECRET_KEY } from '@/e2e/support/server';
import { strictStripe } from '@/e2e/support/stripe';

const { server, stripe } = await served();

describe('the account through the official SDK', () => {
  it('is the project of the key', async () => {
    const account = await stripe.accounts.retrieveCurrent();
    expect(account.id).toMatch(/^acct_/);
    expect((await stripe.accounts.retrieve(account.id)).id).toBe(account.id);
  });

  it('is not shown to a key that nobody knows, or to none', async () => {
    const unknown = strictStripe(server, 'sk_test_thisKeyWasNeverMadeByAnybody');
    await expect(unknown.customers.list()).rejects.toMatchObject({
      type: 'StripeAuthenticationError',
      statusCode: 401,
      message: expect.stringContaining('Invalid API Key provided: sk_test_'),
    });
    const { status } = await fetch(`${server.url}/v1/customers`);
    expect(status).toBe(401);
  });

  it('is not at the disposal of a key for browsers, or of a restricted one', async () => {
    const browser = strictStripe(server, PUBLISHABLE_KEY);
    await expect(browser.customers.list()).rejects.toMatchObject({
      type: 'StripePermissionError',
      statusCode: 403,
    });

    const made = await fetch(`${server.url}/v1/api_keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET_KEY}` },
      body: new URLSearchParams({ type: 'restricted', 'rights[customers]': 'read' }),
    });
    const { secret } = (await made.json()) as { secret: string };
    const restricted = strictStripe(server, secret);
    expect((await restricted.customers.list()).data).toEqual([]);
    await expect(restricted.customers.create()).rejects.toMatchObject({
      type: 'StripePermissionError',
      statusCode: 403,
    });
  });

  it('does not act for connected accounts', async () => {
    await expect(stripe.customers.list({}, { stripeAccount: 'acct_other' })).rejects.toMatchObject({
      type: 'StripePermissionError',
    });
  });
});
