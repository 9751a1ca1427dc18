import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visitorOf } from '@/server/context';
import type { Visitor } from '@/server/kernel/context';
import { createWorld, type TestWorld } from '@/server/testing/context';
import { admit, forgive, networkOf, waitAfter, type Attempt } from './throttle';

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const from = (ip: string | null, seconds = 0): Visitor =>
  visitorOf(world.runtime, {
    now: new Date(world.now.getTime() + seconds * 1000),
    userAgent: null,
    request: { id: 'req_1', idempotency_key: null, ip },
  });

const stored = async () => {
  const [row] = await world.admin<
    { n: number }[]
  >`select count(*)::int as n from sign_in_throttles`;
  return row?.n;
};

async function fail(times: number, visitor: Visitor, attempt: Attempt): Promise<void> {
  for (let done = 0; done < times; done += 1)
    await visitor.people((people) => admit(people, attempt));
}

describe('the wait', () => {
  it.each([
    [0, 0],
    [9, 0],
    [10, 1],
    [11, 2],
    [15, 32],
    [19, 512],
    [20, 900],
    [10_000, 900],
  ])('after %i failures, of which ten are free, is %i seconds', (failures, seconds) => {
    expect(waitAfter(failures, 10)).toBe(seconds);
  });
});

describe('an attempt', () => {
  it('of one account does not slow down another, at another address', async () => {
    const attempt = { account: 'password/one@example.com', device: null };
    await fail(10, from('192.0.2.1'), attempt);
    const other = { ...attempt, account: 'password/two@example.com' };
    await fail(1, from('192.0.2.2'), other);
    await expect(fail(1, from('192.0.2.2'), attempt)).rejects.toMatchObject({
      status: 429,
      details: { code: 'too_many_attempts' },
    });
  });

  it('from a known browser is counted apart from strangers', async () => {
    const stranger = { account: 'password/three@example.com', device: null };
    const owner = { ...stranger, device: 'known' };
    await fail(10, from('192.0.2.3'), stranger);
    await fail(5, from('192.0.2.3'), owner);
    await expect(fail(1, from('192.0.2.3'), owner)).rejects.toMatchObject({ status: 429 });
    await expect(fail(1, from('192.0.2.4'), stranger)).rejects.toMatchObject({ status: 429 });
  });

  it('that was right starts the count anew', async () => {
    const attempt = { account: 'password/four@example.com', device: null };
    for (let times = 0; times < 3; times += 1) {
      await fail(9, from('192.0.2.5'), attempt);
      await from('192.0.2.5').people((people) => forgive(people, attempt));
    }
    // The address is not forgiven what it tried before: 24 of 30 are used up.
    await fail(6, from('192.0.2.5'), { account: 'password/five@example.com', device: null });
    await expect(
      fail(1, from('192.0.2.5'), { account: 'password/six@example.com', device: null }),
    ).rejects.toMatchObject({ status: 429 });
  });

  it('is forgotten after a day', async () => {
    const attempt = { account: 'password/seven@example.com', device: null };
    await fail(10, from('192.0.2.7'), attempt);
    const day = 24 * 60 * 60;
    await fail(10, from('192.0.2.7', day + 1), attempt);
    // Whatever was there before has gone on the way.
    expect(await stored()).toBe(2);
  });
});

describe('an address', () => {
  it('is the network where it is IPv6, of which everybody has as many addresses as they like', () => {
    expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
    expect(networkOf('::ffff:192.0.2.1')).toBe('::ffff:192.0.2.1');
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2:ffff::1'));
    expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
  });
});
