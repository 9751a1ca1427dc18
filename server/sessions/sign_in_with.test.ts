import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { visitorOf } from '@/server/context';
import type { Visitor } from '@/server/kernel/context';
import { signInWith } from '@/server/sessions';
import { createUser } from '@/server/testing/browser';
import { createWorld, type TestWorld } from '@/server/testing/context';

let world: TestWorld;
let visitor: Visitor;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  visitor = visitorOf(world.runtime, {
    now: world.now,
    userAgent: 'test',
    request: { id: 'req_1', idempotency_key: null, ip: '192.0.2.1' },
  });
});

const google = { provider: 'google', subject: '1' } as const;

describe("signing in with another service's word", () => {
  it('finds the user by the verified address once, and by the service afterwards', async () => {
    const ada = await createUser(world, 'ada@example.com', null);
    const first = await signInWith(visitor, { ...google, email: 'Ada@Example.com' });
    expect(first).toMatchObject({ user: ada.id, session: expect.stringMatching(/^ses_/) });
    const later = await signInWith(visitor, { ...google, email: 'renamed@example.com' });
    expect(later?.user).toBe(ada.id);
    expect(later?.session).not.toBe(first?.session);
  });

  it('keeps out whom nobody invited, and whose address was not verified', async () => {
    await createUser(world, 'grace@example.com', null);
    for (const email of ['stranger@example.com', null]) {
      expect(await signInWith(visitor, { ...google, subject: '2', email })).toBe(null);
    }
    const [row] = await world.admin`select count(*)::int as n from sessions where method = 'google'
      and "user" in (select id from users where email = 'grace@example.com')`;
    expect(row?.n).toBe(0);
  });

  it('awaits the second factor as a password does', async () => {
    const { id } = await createUser(world, 'alan@example.com', null);
    await world.admin`update users set totp_enabled_at = ${world.now} where id = ${id}`;
    const signedIn = await signInWith(visitor, {
      ...google,
      subject: '3',
      email: 'alan@example.com',
    });
    const [row] = await world.admin`
      select awaits_second_factor, method, ip, user_agent from sessions
      where id = ${signedIn?.session ?? ''}`;
    expect(row).toEqual({
      awaits_second_factor: true,
      method: 'google',
      ip: '192.0.2.1',
      user_agent: 'test',
    });
  });
});
