import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type TestWorld } from '@/server/testing/context';
import { rowsOf } from './rows';
import { idempotency_keys } from './schema/idempotency_keys';
import { transact, type Tenant, type Writer } from './scope';

const keys = rowsOf(idempotency_keys);

let world: TestWorld;
let tenant: Tenant;
let count = 0;

const inTx = <T>(work: (tx: Writer & Tenant) => Promise<T>, as = tenant): Promise<T> =>
  transact(world.runtime.pool, as, (writer) => work({ ...writer, ...as }));

/** A row of its own, stored. */
async function make(changes: { response_body?: string | null } = {}): Promise<string> {
  count += 1;
  const id = `key_${count}`;
  await inTx(async (tx) =>
    keys.insert(tx, {
      id,
      fingerprint: 'f',
      status: 'started',
      request: 'req_1',
      attempt: null,
      response_status: null,
      response_body: null,
      created_at: new Date('2026-03-01T12:00:00.123Z'),
      ...changes,
    }),
  );
  return id;
}

beforeAll(async () => {
  world = await createWorld();
  tenant = { projectId: (await world.project()).projectId, livemode: false };
});

afterAll(() => world.close());

describe('rowsOf', () => {
  it('answers of an insert what the database then has', async () => {
    const inserted = await inTx(async (tx) =>
      keys.insert(tx, {
        id: 'key_same',
        fingerprint: 'f',
        status: 'finished',
        request: 'req_1',
        attempt: null,
        response_status: 200,
        response_body: '{"a":"ü\\u0000"}',
        created_at: new Date('2026-03-01T12:00:00.123Z'),
      }),
    );
    expect(await inTx((tx) => keys.find(tx, 'key_same'))).toEqual(inserted);
  });

  it('answers of an update what the database then has, null included', async () => {
    const id = await make({ response_body: 'gone soon' });
    const updated = await inTx(async (tx) => {
      const before = await keys.lock(tx, id);
      if (before === null) throw new Error('It is not there.');
      return keys.update(tx, before, {
        response_status: 402,
        response_body: null,
        fingerprint: undefined,
      });
    });
    expect(updated).toMatchObject({ response_status: 402, response_body: null, fingerprint: 'f' });
    expect(await inTx((tx) => keys.find(tx, id))).toEqual(updated);
  });

  it('sends nothing for an update that changes nothing', async () => {
    const id = await make();
    const texts: string[] = [];
    await inTx(async (tx) => {
      const before = await keys.lock(tx, id);
      if (before === null) throw new Error('It is not there.');
      const spy = { ...tx, write: (text: string) => void texts.push(text) };
      expect(keys.update(spy, before, { fingerprint: undefined })).toBe(before);
    });
    expect(texts).toEqual([]);
  });

  it('finds null for what is not there, and all that is there of many', async () => {
    const [one, two] = [await make(), await make()];
    expect(await inTx((tx) => keys.find(tx, 'nobody'))).toBeNull();
    const found = await inTx((tx) => keys.findAll(tx, [two, 'nobody', one]));
    expect(found.map(({ id }) => id).toSorted()).toEqual([one, two]);
    expect(await inTx((tx) => keys.findAll(tx, []))).toEqual([]);
  });

  it('finds, locks, changes and removes nothing of another tenant or mode', async () => {
    const id = await make();
    const other = { projectId: (await world.project()).projectId, livemode: false };
    for (const stranger of [other, { ...tenant, livemode: true }]) {
      const seen = await inTx(async (tx) => {
        const mine = await keys.find(tx, id);
        tx.write(`update idempotency_keys set fingerprint = 'stolen' where id = $1`, [id]);
        keys.remove(tx, id);
        return [mine, await keys.lock(tx, id), await keys.findAll(tx, [id])];
      }, stranger);
      expect(seen).toEqual([null, null, []]);
    }
    expect(await inTx((tx) => keys.find(tx, id))).toMatchObject({ fingerprint: 'f' });
  });

  it('claims only what nobody else holds', async () => {
    const [held, free] = [await make(), await make()];
    await inTx(async (holder) => {
      await keys.lock(holder, held);
      const claimed = await inTx((tx) => keys.claim(tx, [held, free]));
      expect(claimed.map(({ id }) => id)).toEqual([free]);
    });
  });

  it('makes the second of two who lock wait, and see what the first did', async () => {
    const id = await make();
    let second: Promise<unknown> | undefined;
    await inTx(async (tx) => {
      const before = await keys.lock(tx, id);
      if (before === null) throw new Error('It is not there.');
      second = inTx((other) => keys.lock(other, id));
      keys.update(tx, before, { response_status: 200 });
    });
    expect(await second).toMatchObject({ response_status: 200 });
  });

  it('removes', async () => {
    const id = await make();
    await inTx(async (tx) => keys.remove(tx, id));
    expect(await inTx((tx) => keys.find(tx, id))).toBeNull();
  });
});
