/** Everything that can go wrong on the line, over a line. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, PLAIN_ACCOUNT, type TestGateway } from '@/server/testing/gateway';
import { AFTER, BEFORE, newFaults, type AnswerFault } from './faults';
import {
  newReference,
  newSale,
  pairsOf,
  signatureOf,
  toReceived,
  type Received,
  type Values,
} from './merchant.case';

const SECRET = PLAIN_ACCOUNT.secret ?? '';

let gateway: TestGateway;
let shop: Server;
const callbacks: Received[] = [];

beforeAll(async () => {
  gateway = await startGateway();
  shop = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      callbacks.push(toReceived(200, Buffer.concat(chunks).toString()));
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
});
afterAll(async () => {
  await gateway.stop();
  shop.close();
});
afterEach(async () => {
  await gateway.calm();
  await gateway.callbacksIdle();
  callbacks.length = 0;
});

const shopUrl = (): string => `http://127.0.0.1:${(shop.address() as AddressInfo).port}/cardstream`;

const bodyOf = (reference: string, fields: Values = {}): string => {
  const all = { merchantID: PLAIN_ACCOUNT.merchantID, ...newSale(), transactionUnique: reference };
  const pairs = pairsOf({ ...all, ...fields });
  const signature = signatureOf(pairs, SECRET);
  return new URLSearchParams(Object.fromEntries([...pairs, ['signature', signature]])).toString();
};

async function post(body: string, signal?: AbortSignal): Promise<Received> {
  const response = await fetch(`${gateway.url}/direct/`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    ...(signal === undefined ? {} : { signal }),
  });
  return toReceived(response.status, await response.text());
}

const isSigned = ({ pairs, fields }: Received): boolean =>
  fields['signature'] === signatureOf(pairs, SECRET);

/** TABLE: what the merchant hears of each fault. */
const HEARD: Readonly<Record<AnswerFault, (received: Received | null) => void>> = {
  drop_before: (received) => expect(received).toBeNull(),
  drop_after: (received) => expect(received).toBeNull(),
  hang_before: (received) => expect(received).toBeNull(),
  hang_after: (received) => expect(received).toBeNull(),
  torn: (received) => expect(received).toBeNull(),
  http_500_before: (received) => expect(received?.status).toBe(500),
  http_500_after: (received) => expect(received?.status).toBe(500),
  http_503_before: (received) => expect(received?.status).toBe(503),
  http_503_after: (received) => expect(received?.status).toBe(503),
  truncated: (received) => {
    expect(received?.status).toBe(200);
    expect(received?.fields).toHaveProperty('merchantID');
    expect(received?.fields).not.toHaveProperty('signature');
  },
  garbage: (received) => expect(received?.text).toContain('It works!'),
  empty: (received) => expect(received?.text).toBe(''),
  wrong_signature: (received) => {
    expect(received?.fields).toMatchObject({ responseCode: '0', signature: expect.any(String) });
    expect(received === null || isSigned(received)).toBe(false);
  },
  unsigned: (received) => {
    expect(received?.fields).toMatchObject({ responseCode: '0' });
    expect(received?.fields).not.toHaveProperty('signature');
  },
};

describe('a fault', () => {
  it.each([...BEFORE, ...AFTER])('%s', async (fault) => {
    await gateway.faults({ faults: [{ fault, next: 1 }] });
    const reference = newReference();
    const patience = fault.startsWith('hang') ? AbortSignal.timeout(100) : undefined;
    HEARD[fault](await post(bodyOf(reference), patience).catch(() => null));
    const booked = await gateway.books({ reference });
    expect(booked).toHaveLength(fault.endsWith('_before') ? 0 : 1);
    expect(await gateway.struck()).toEqual({ [fault]: 1 });
    // The next one passes: 65554 says that the first arrived, anything else is the result.
    const repeated = await post(bodyOf(reference));
    expect(repeated.fields['responseCode']).toBe(fault.endsWith('_before') ? '0' : '65554');
    expect(isSigned(repeated)).toBe(true);
  });

  it('is aimed at actions, or at a reference', async () => {
    const aimed = newReference();
    await gateway.faults({
      faults: [
        { fault: 'http_500_before', next: 9, actions: ['CANCEL'] },
        { fault: 'http_503_before', next: 9, reference: aimed },
      ],
    });
    const { status, fields } = await post(bodyOf(newReference()));
    expect(status).toBe(200);
    const { xref = '' } = fields;
    expect((await post(bodyOf(aimed))).status).toBe(503);
    expect((await post(bodyOf('', { action: 'CANCEL', xref }))).status).toBe(500);
  });

  it('strikes by chance, alike with the same seed', () => {
    const course = (seed: number): string => {
      const faults = newFaults(null);
      faults.plan({
        seed,
        faults: [
          { fault: 'drop_before', probability: 0.05 },
          { fault: 'drop_after', probability: 0.05 },
        ],
      });
      const target = { action: 'SALE', reference: null };
      return Array.from({ length: 2_000 }, () => faults.draw(target).answer ?? '.').join();
    };
    expect(course(7)).toBe(course(7));
    expect(course(7)).not.toBe(course(8));
    const struck = course(7).match(/drop_before/g)?.length ?? 0;
    // Of 2,000 with a chance of 5 %: five deviations of ten on either side.
    expect(struck).toBeGreaterThan(50);
    expect(struck).toBeLessThan(150);
  });

  it('that is not understood is refused', async () => {
    await expect(
      gateway.faults({ faults: [{ fault: 'drop_after', next: 1, probability: 1 }] }),
    ).rejects.toThrow('either probability or next');
  });
});

describe('a delay', () => {
  it('is spread around its median as waiting times are', () => {
    const faults = newFaults({ median_ms: 120, sigma: 0.3 });
    const target = { action: 'SALE', reference: null };
    const delays = Array.from({ length: 4_001 }, () => faults.draw(target).delayMs).toSorted(
      (a, b) => a - b,
    );
    expect(delays[2_000]).toBeGreaterThan(115);
    expect(delays[2_000]).toBeLessThan(125);
    expect((delays[3_960] ?? 0) / (delays[2_000] ?? 1)).toBeGreaterThan(1.8);
    expect(newFaults({ median_ms: 7, sigma: 0 }).draw(target).delayMs).toBe(7);
  });

  it('stays when other faults are planned', async () => {
    await gateway.faults({ delay: { median_ms: 30 } });
    await gateway.faults({ faults: [{ fault: 'unsigned', next: 1 }] });
    const { delay } = (await (await fetch(`${gateway.url}/control/status`)).json()).faults.plan;
    expect(delay).toEqual({ median_ms: 30, sigma: 0 });
    await gateway.faults({ delay: null });
  });
});

describe('a callback', () => {
  const callbackURL = () => shopUrl();

  it('is the answer, signed alike', async () => {
    const answered = await post(bodyOf(newReference(), { callbackURL: callbackURL() }));
    await gateway.callbacksIdle();
    expect(callbacks.map(({ text }) => text)).toEqual([answered.text]);
  });

  it('comes of declines, of requests about a payment, and of refusals', async () => {
    const declined = { callbackURL: callbackURL(), amount: 12_000 };
    const { xref = '' } = (await post(bodyOf(newReference(), declined))).fields;
    await gateway.callbacksIdle();
    const query = { action: 'QUERY', xref, callbackURL: callbackURL() };
    await post(bodyOf('', query));
    await gateway.callbacksIdle();
    await post(bodyOf(newReference(), { callbackURL: callbackURL(), type: 5 }));
    await gateway.callbacksIdle();
    expect(callbacks.map(({ fields }) => fields['responseCode'])).toEqual(['5', '0', '66342']);
  });

  it.each([
    ['callback_dropped', 0],
    ['callback_doubled', 2],
  ] as const)('%s', async (fault, count) => {
    await gateway.faults({ faults: [{ fault, next: 1 }] });
    const answered = await post(bodyOf(newReference(), { callbackURL: callbackURL() }));
    await gateway.callbacksIdle();
    expect(callbacks).toHaveLength(count);
    expect(await gateway.repeatCallback(answered.fields['xref'] ?? '')).toBe(true);
    await gateway.callbacksIdle();
    expect(callbacks.at(-1)?.text).toBe(answered.text);
    expect(await gateway.repeatCallback('nothing')).toBe(false);
  });

  it('comes out of order where one is delayed', async () => {
    await gateway.faults({ faults: [{ fault: 'callback_delayed', next: 1, delay_ms: 150 }] });
    const first = await post(bodyOf(newReference(), { callbackURL: callbackURL() }));
    const second = await post(bodyOf(newReference(), { callbackURL: callbackURL() }));
    await gateway.callbacksIdle();
    expect(callbacks.map(({ text }) => text)).toEqual([second.text, first.text]);
  });

  it('with a wrong signature', async () => {
    await gateway.faults({ faults: [{ fault: 'callback_wrong_signature', next: 1 }] });
    const answered = await post(bodyOf(newReference(), { callbackURL: callbackURL() }));
    await gateway.callbacksIdle();
    expect(isSigned(answered)).toBe(true);
    expect(callbacks.map(isSigned)).toEqual([false]);
  });

  it('comes where the answer itself was lost', async () => {
    await gateway.faults({ faults: [{ fault: 'drop_after', next: 1 }] });
    const reference = newReference();
    const lost = await post(bodyOf(reference, { callbackURL: callbackURL() })).catch(() => null);
    expect(lost).toBeNull();
    await gateway.callbacksIdle();
    expect(callbacks.map(({ fields }) => fields['transactionUnique'])).toEqual([reference]);
  });

  it('that fails is counted, and not repeated', async () => {
    await post(bodyOf(newReference(), { callbackURL: `${gateway.url}/nowhere` }));
    await gateway.callbacksIdle();
    const { failed, pending } = await (await fetch(`${gateway.url}/control/callbacks`)).json();
    expect({ failed, pending }).toEqual({ failed: 1, pending: 0 });
  });
});
