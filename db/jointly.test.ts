import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type TestWorld } from '@/server/testing/context';
import { connect, type Pool } from './client';
import { joiners, type Transact } from './jointly';
import { keyRow, keys } from './keys.case';
import { rowsOf } from './rows';
import { idempotency_keys } from './schema/idempotency_keys';
import { transact, type Tenant, type Writer } from './scope';

const numbered = rowsOf(idempotency_keys).findBy('request', { lock: true });

let world: TestWorld;
let pool: Pool;
let tenant: Tenant;
let join: Transact;

beforeAll(async () => {
  world = await createWorld();
  pool = connect(world.url, { max: 8, name: 'jointly test' });
  tenant = { projectId: (await world.project()).projectId, livemode: false };
  join = joiners(pool)(tenant);
});

afterAll(async () => {
  await pool.end({ timeout: 1 });
  await world.close();
});

const owned = (tx: Writer): Writer & Tenant => ({ ...tx, ...tenant });

const stored = async (...ids: string[]): Promise<number> =>
  (await world.admin`select 1 from idempotency_keys where id = any(${ids})`).length;

const NOW = `select now()::text`;
const whenBegun = async (tx: Writer): Promise<unknown> => (await tx.lookUp(NOW, []))[0]?.[0];

/** Locks the row, looks, and counts one up from what it saw. */
const countUp = (id: string) => async (tx: Writer) => {
  const found = await keys.lock(tx, id);
  if (found === null) throw new Error(`${id} does not exist.`);
  await whenBegun(tx).catch(() => undefined);
  keys.update(tx, found, { response_status: (found.response_status ?? 0) + 1 });
};

const countOf = async (id: string): Promise<unknown> =>
  (await world.admin`select response_status as count from idempotency_keys where id = ${id}`)[0]?.[
    'count'
  ];

describe('transactions that begin together', () => {
  it('share one, and all of them are stored', async () => {
    const ids = ['one', 'two', 'three', 'four', 'five'];
    const begun = await Promise.all(
      ids.map((id) =>
        join(async (tx) => {
          keys.insert(owned(tx), keyRow(id));
          return whenBegun(tx);
        }),
      ),
    );
    expect(new Set(begun).size).toBe(1);
    expect(await stored(...ids)).toBe(ids.length);
  });

  it('do not see what the others have not committed', async () => {
    const [, seen] = await Promise.all([
      join(async (tx) => void keys.insert(owned(tx), keyRow('unseen'))),
      join(async (tx) => {
        await whenBegun(tx);
        return [await keys.find(tx, 'unseen'), await tx.db.select().from(idempotency_keys)];
      }),
    ]);
    const [found, all] = seen as [unknown, { id: string }[]];
    expect(found).toBeNull();
    expect(all.map(({ id }) => id)).not.toContain('unseen');
    expect(await stored('unseen')).toBe(1);
  });

  it('go on when one of them throws, of which nothing is stored', async () => {
    const reason = new Error('no');
    const results = await Promise.allSettled([
      join(async (tx) => void keys.insert(owned(tx), keyRow('good'))),
      join(async (tx) => {
        keys.insert(owned(tx), keyRow('bad'));
        throw reason;
      }),
    ]);
    expect(results).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason }]);
    expect([await stored('good'), await stored('bad')]).toEqual([1, 0]);
  });

  it('change a row one after the other, whichever way they lock it', async () => {
    await join(async (tx) => void keys.insert(owned(tx), keyRow('counted', 'req_counted')));
    const byRequest = async (tx: Writer) => {
      const [found] = await numbered(tx, 'req_counted');
      if (found === undefined) throw new Error('it is there');
      keys.update(tx, found, { response_status: (found.response_status ?? 0) + 1 });
    };
    await Promise.all([
      ...Array.from({ length: 8 }, () => join(countUp('counted'))),
      ...Array.from({ length: 4 }, () => join(byRequest)),
      ...Array.from({ length: 4 }, () => transact(pool, tenant, countUp('counted'))),
    ]);
    expect(await countOf('counted')).toBe(16);
  });

  it('are refused alone, each for its own reason', async () => {
    const insert = (id: string) =>
      join(async (tx) => {
        keys.insert(owned(tx), keyRow(id));
        await whenBegun(tx);
      });
    const results = await Promise.allSettled([
      ...['same', 'same', 'same', 'other'].map(insert),
      join(async (tx) => {
        keys.insert(owned(tx), keyRow('divided'));
        await tx.lookUp('select 1 / $1::int', [0]);
      }),
    ]);
    const codes = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as { code: string }).code] : [],
    );
    expect(codes).toEqual(['23505', '23505', '22012']);
    expect([await stored('same', 'other'), await stored('divided')]).toEqual([2, 0]);
  });

  it('leave one that must see its changes, or say more than a change, to its own', async () => {
    await Promise.all([
      join(async (tx) => void keys.insert(owned(tx), keyRow('plain'))),
      join(async (tx) => {
        keys.insert(owned(tx), keyRow('read back'));
        const found = await tx.db.select().from(idempotency_keys);
        expect(found.map(({ id }) => id)).toContain('read back');
      }),
      join(async (tx) => {
        keys.insert(owned(tx), keyRow('written'));
        tx.write(`update idempotency_keys set response_status = 7 where id = $1`, ['written']);
      }),
      join(async (tx) => {
        keys.insert(owned(tx), keyRow('swallowed'));
        // Work that goes on after what it could not do has left all the same.
        await keys.claim(tx, ['plain']).catch(() => undefined);
      }),
    ]);
    expect(await stored('plain', 'read back', 'written', 'swallowed')).toBe(4);
    expect(await countOf('written')).toBe(7);
  });

  it('do not wait for one whose row somebody else holds', async () => {
    await join(async (tx) => void keys.insert(owned(tx), keyRow('kept')));
    let letGo: () => void = () => undefined;
    const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
    let isLocked: () => void = () => undefined;
    const locked = new Promise<void>((resolve) => (isLocked = resolve));
    const keeping = transact(pool, tenant, async (tx) => {
      await countUp('kept')(tx);
      isLocked();
      await isLetGo;
    });
    await locked;
    const waiting = join(countUp('kept'));
    await join(async (tx) => void keys.insert(owned(tx), keyRow('not kept')));
    expect(await stored('not kept')).toBe(1);
    letGo();
    await Promise.all([keeping, waiting]);
    expect(await countOf('kept')).toBe(2);
  });

  it('are not repeated when nobody knows whether they were committed', async () => {
    let runs = 0;
    const work = (id: string) =>
      join(async (tx) => {
        runs += 1;
        keys.insert(owned(tx), keyRow(id));
        const [[pid] = []] = await tx.lookUp('select pg_backend_pid()', []);
        await world.admin`select pg_terminate_backend(${Number(pid)}, 5000)`;
        await tx.lookUp('select 1', []);
      });
    const results = await Promise.allSettled([work('lost'), work('lost too')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(runs).toBe(2);
    expect(await stored('lost', 'lost too')).toBe(0);
  });

  it('send one statement where they do the same, whatever else is done', async () => {
    const texts: string[] = [];
    const tapped = {
      ...pool,
      async reserve() {
        const connection = await pool.reserve();
        return {
          ...connection,
          unsafe(text: string, ...rest: []) {
            texts.push(text);
            return connection.unsafe(text, ...rest);
          },
        };
      },
    } as unknown as Pool;
    const joinTapped = joiners(tapped)(tenant);
    const insert = (id: string) =>
      joinTapped(async (tx) => void keys.insert(owned(tx), keyRow(id)));
    await Promise.all([
      ...['a1', 'a2', 'a3'].map(insert),
      ...['plain', 'good'].map((id) => joinTapped(countUp(id))),
    ]);
    expect(texts.filter((text) => text.startsWith('begin'))).toHaveLength(1);
    expect(texts.filter((text) => text.startsWith('insert'))).toHaveLength(1);
    expect(texts.filter((text) => text.startsWith('update'))).toHaveLength(1);
    expect(texts.filter((text) => /for no key update/.test(text))).toHaveLength(1);
    expect(await stored('a1', 'a2', 'a3')).toBe(3);
  });
});
