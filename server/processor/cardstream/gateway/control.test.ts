/** The control door, the journal, and the process that can be killed. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PLAIN_ACCOUNT, startGatewayProcess } from '@/server/testing/gateway';
import { parseFlags } from './flags';
import {
  CARD,
  newMerchant,
  newSale,
  pairsOf,
  PLAIN,
  SECURE,
  signatureOf,
  type Merchant,
} from './merchant.case';

const home = mkdtempSync(path.join(tmpdir(), 'calmony-gateway-'));
afterAll(() => rmSync(home, { recursive: true }));

const ask = async ({ gateway }: Merchant, method: string, door: string, body?: unknown) => {
  const response = await gateway.app.request(`/control/${door}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('the control door', () => {
  it('refuses what it does not understand, by name', async () => {
    const merchant = newMerchant();
    const refused = [
      await ask(merchant, 'PATCH', 'switches', { everything: 'on' }),
      await ask(merchant, 'PATCH', 'switches', { referral_code: 3 }),
      await ask(merchant, 'POST', 'settle', { when: 'now' }),
      await ask(merchant, 'PUT', 'faults', { faults: [{ fault: 'fire', next: 1 }] }),
      await ask(merchant, 'PUT', 'accounts', { merchantID: 'me' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    expect(JSON.stringify(refused[0])).toContain('everything');
  });

  it('changes what it is told to change, and nothing else', async () => {
    const merchant = newMerchant(PLAIN, { verified_code: 85 });
    const { body } = await ask(merchant, 'PATCH', 'switches', { referral_code: 2 });
    expect(body).toMatchObject({ referral_code: 2, verified_code: 85 });
  });

  it('does not open to a page in a browser', async () => {
    const { gateway } = newMerchant();
    const headers = { origin: 'https://elsewhere.example' };
    const response = await gateway.app.request('/control/status', { headers });
    expect(response.status).toBe(403);
  });

  it('does not open to another machine', async () => {
    const { gateway } = newMerchant();
    const from = (remoteAddress: string) =>
      gateway.app.request('/control/status', {}, { incoming: { socket: { remoteAddress } } });
    expect((await from('192.0.2.1')).status).toBe(403);
    expect((await from('::ffff:127.0.0.1')).status).toBe(200);
  });

  it('makes accounts, and moves the clock there and back', async () => {
    const merchant = newMerchant();
    await ask(merchant, 'PUT', 'accounts', { merchantID: '555', secret: 'new' });
    const { fields } = await merchant.post(newSale(), {
      ...PLAIN,
      merchantID: '555',
      secret: 'new',
    });
    expect(fields).toMatchObject({ responseCode: '0' });
    await ask(merchant, 'POST', 'clock', { advance_ms: 3_600_000 });
    expect(await merchant.sale()).toMatchObject({ timestamp: '2026-03-10 13:00:00' });
    await ask(merchant, 'POST', 'clock', { reset: true });
    expect(await merchant.sale()).toMatchObject({ timestamp: '2026-03-10 12:00:00' });
  });

  it('shows the books by what is asked, and their totals', async () => {
    const merchant = newMerchant();
    await merchant.sale({ transactionUnique: 'one' });
    await merchant.sale({ transactionUnique: 'two', amount: 12_000 });
    await merchant.post({ ...newSale(), transactionUnique: 'three', threeDSRequired: 'N' }, SECURE);
    const found = async (query: string) =>
      (
        (await ask(merchant, 'GET', `books?${query}`)).body['transactions'] as {
          reference: string;
        }[]
      ).map(({ reference }) => reference);
    expect(await found('')).toEqual(['one', 'two', 'three']);
    expect(await found('state=declined')).toEqual(['two']);
    expect(await found(`merchant_id=${PLAIN.merchantID}&after=1`)).toEqual(['two']);
    expect(await found('limit=1')).toEqual(['one']);
    const { body } = await ask(merchant, 'GET', `totals?merchant_id=${PLAIN.merchantID}`);
    const sales = { merchant_id: '100001', currency: 'gbp', action: 'SALE', refunded: 0, count: 1 };
    expect(body['totals']).toEqual([
      { ...sales, state: 'captured', amount: 1_099, received: 1_099 },
      { ...sales, state: 'declined', amount: 12_000, received: 0 },
    ]);
  });
});

describe('the clock', () => {
  it('is that of London', async () => {
    const merchant = newMerchant();
    merchant.gateway.travel(120 * 86_400_000);
    expect(await merchant.sale()).toMatchObject({ timestamp: '2026-07-08 13:00:00' });
  });
});

describe('the journal', () => {
  it('brings back everything but a line that was cut off, and holds no card number', async () => {
    const file = path.join(home, 'journal');
    const before = newMerchant(PLAIN, {}, file);
    const sale = { ...newSale(), duplicateDelay: 9_999 };
    const { xref = '' } = await before.send(sale);
    await before.send({ action: 'CAPTURE', xref, amount: 500 });
    await ask(before, 'POST', 'settle', {});
    before.gateway.close();
    appendFileSync(file, '{"transaction":{"id":9');

    const after = newMerchant(PLAIN, {}, file);
    expect(after.state(xref)).toBe('accepted');
    expect(await after.send(sale)).toMatchObject({ responseCode: '65554' });
    expect(await after.sale()).toMatchObject({ transactionID: '2' });
    expect((await ask(after, 'GET', 'settlements')).body).toMatchObject({
      batches: [{ batch: 1, rows: 1 }],
    });
    after.gateway.close();
    expect(newMerchant(PLAIN, {}, file).gateway.bank.books.size).toBe(2);
    expect(readFileSync(file, 'utf8')).not.toContain(CARD.cardNumber);
  });
});

describe('the process', () => {
  it('goes on where it was killed', { timeout: 120_000 }, async () => {
    const gateway = await startGatewayProcess({ journal: path.join(home, 'process') });
    try {
      const pairs = pairsOf({ merchantID: PLAIN_ACCOUNT.merchantID, ...newSale() });
      const signature = signatureOf(pairs, PLAIN_ACCOUNT.secret ?? '');
      const pay = async () => {
        const body = new URLSearchParams({ ...Object.fromEntries(pairs), signature });
        const response = await fetch(`${gateway.url}/direct/`, { method: 'POST', body });
        return new URLSearchParams(await response.text()).get('responseCode');
      };
      expect(await pay()).toBe('0');
      await gateway.kill();
      await expect(pay()).rejects.toThrow();
      await gateway.restart();
      expect(await pay()).toBe('65554');
      expect(await gateway.totals()).toMatchObject([{ count: 1, received: 1_099 }]);
    } finally {
      await gateway.stop();
    }
  });
});

describe('flags', () => {
  it('have defaults: this machine only, and two accounts', () => {
    expect(parseFlags([])).toMatchObject({
      host: '127.0.0.1',
      port: 7443,
      delay: null,
      journal: undefined,
      accounts: [{ three_ds: false }, { three_ds: true }],
    });
  });

  it('are read', () => {
    const account = '{"merchantID":"7","secret":"s","three_ds":true}';
    const flags = ['--port', '0', '--account', account, '--delay', '120:0.3', '--journal', 'x'];
    expect(parseFlags(flags)).toMatchObject({
      port: 0,
      delay: { median_ms: 120, sigma: 0.3 },
      journal: 'x',
      accounts: [{ merchantID: '7', secret: 's', three_ds: true, continuous_authority: true }],
    });
  });

  it.each([
    ['--port', '99999'],
    ['--delay', 'slow'],
    ['--account', 'me'],
    ['--account', '{"merchantID":"me"}'],
    ['--speed', '1'],
  ])('%s %s is refused', (name, value) => {
    expect(() => parseFlags([name, value])).toThrow(name);
  });
});
