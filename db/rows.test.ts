import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type TestWorld } from '@/server/testing/context';
import type { Change } from './changes';
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

const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1);

/** What a transaction sends beside what opens and closes it. */
async function statementsOf(work: (tx: Writer & Tenant) => Promise<void>): Promise<string[]> {
  const texts: string[] = [];
  const pool = {
    ...world.runtime.pool,
    async reserve() {
      const connection = await world.runtime.pool.reserve();
      return {
        ...connection,
        unsafe(text: string, ...rest: []) {
          if (!/^(?:begin|commit)/.test(text)) texts.push(text);
          return connection.unsafe(text, ...rest);
        },
      };
    },
  };
  await transact(pool as unknown as typeof world.runtime.pool, tenant, (writer) =>
    work({ ...writer, ...tenant }),
  );
  return texts;
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
      const put = (_: string, { shape }: Change) => void texts.push(shape.one);
      const spy = { ...tx, changes: { ...tx.changes, put } };
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

  it('does not ask again for a row that it locked or made, and knows what became of it', async () => {
    const id = await make();
    const texts = await statementsOf(async (tx) => {
      const before = await keys.lock(tx, id);
      if (before === null) throw new Error('It is not there.');
      keys.update(tx, before, { fingerprint: 'new' });
      expect(await keys.find(tx, id)).toMatchObject({ fingerprint: 'new', request: 'req_1' });
      expect(await keys.lock(tx, id)).toMatchObject({ fingerprint: 'new' });
      const made = keys.insert(tx, { ...before, id: `${id}_made` });
      expect(await keys.lock(tx, made.id)).toEqual(made);
    });
    expect(texts.filter((text) => text.startsWith('select'))).toHaveLength(1);
    expect(await inTx((tx) => keys.find(tx, id))).toMatchObject({ fingerprint: 'new' });
  });

  it('finds by a value what the row has become, without sending it first', async () => {
    const [one, two, three] = [await make(), await make(), await make()];
    const attempt = `pa_${one}`;
    const all = keys.findBy('attempt', { by: 'response_status', descending: true });
    const started = keys.findBy('attempt', { only: { status: 'started' }, lock: true });
    const texts = await statementsOf(async (tx) => {
      for (const [index, id] of [one, two].entries()) {
        const row = await keys.lock(tx, id);
        if (row !== null) keys.update(tx, row, { attempt, response_status: index });
      }
      const other = await keys.lock(tx, three);
      if (other === null) throw new Error('It is not there.');
      keys.insert(tx, { ...other, id: `${three}_made`, attempt, response_status: 2 });
      const found = await all(tx, attempt);
      expect(found.map(({ id }) => id)).toEqual([`${three}_made`, two, one]);
      keys.update(tx, { ...other, id: two }, { status: 'finished' });
      expect((await started(tx, attempt)).map(({ id }) => id)).toEqual([one, `${three}_made`]);
      keys.update(tx, { ...other, id: one }, { attempt: null });
      expect((await started(tx, attempt)).map(({ id }) => id)).toEqual([`${three}_made`]);
    });
    expect(texts.map((text) => text.split(' ')[0])).toEqual([
      ...Array.from({ length: 6 }, () => 'select'),
      'with',
    ]);
    const stored = await inTx((tx) => all(tx, attempt));
    expect(stored.map(({ id }) => id)).toEqual([`${three}_made`, two]);
  });

  it('asks nobody for what refers to a row that it made', async () => {
    const made = `cus_${await make()}`;
    const ofMade = keys.findBy('attempt');
    const texts = await statementsOf(async (tx) => {
      const row = await keys.find(tx, 'key_1');
      if (row === null) throw new Error('It is not there.');
      keys.insert(tx, { ...row, id: made });
      expect(await ofMade(tx, made)).toEqual([]);
      keys.insert(tx, { ...row, id: `${made}_child`, attempt: made });
      expect((await ofMade(tx, made)).map(({ id }) => id)).toEqual([`${made}_child`]);
    });
    expect(texts.filter((text) => text.startsWith('select'))).toHaveLength(1);
  });

  it('sends an update of a row that it does not hold before it reads by a value', async () => {
    const id = await make();
    await inTx(async (tx) => {
      keys.update(tx, { id }, { attempt: `pa_of_${id}` });
      expect(await keys.findBy('attempt')(tx, `pa_of_${id}`)).toMatchObject([{ id }]);
    });
  });

  it('asks again where a statement of its own may have changed the row', async () => {
    const id = await make();
    await inTx(async (tx) => {
      await keys.lock(tx, id);
      tx.write(`update idempotency_keys set fingerprint = 'other' where id = $1`, [id]);
      expect(await keys.find(tx, id)).toMatchObject({ fingerprint: 'other' });
      await tx.lookUp(
        `update idempotency_keys set fingerprint = 'third' where id = $1 returning id`,
        [id],
      );
      expect(await keys.lock(tx, id)).toMatchObject({ fingerprint: 'third' });
    });
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

  it('stores many rows of one shape as it stores one, whatever their values are', async () => {
    const nasty = [
      'plain',
      '',
      'NULL',
      '{"a":[1,"\\\\"]}',
      `"quoted", {braced} and 'so'`,
      'a\\b\n',
      'ü€😀',
    ];
    const stored = await inTx(async (tx) =>
      nasty.map((text, index) =>
        keys.insert(tx, {
          id: `many_${index}`,
          fingerprint: text,
          status: 'started',
          request: 'req_1',
          attempt: null,
          response_status: index === 0 ? null : 200 + index,
          response_body: index === 1 ? null : text,
          created_at: new Date('2026-03-01T12:00:00.123Z'),
        }),
      ),
    );
    const ids = stored.map(({ id }) => id);
    const read = await inTx((tx) => keys.findAll(tx, ids));
    expect(read.toSorted(byId)).toEqual(stored);

    const updated = await inTx(async (tx) => {
      await keys.claim(tx, ids);
      return stored.map((row, index) =>
        keys.update(tx, row, {
          response_status: index === 2 ? null : index,
          response_body: nasty.at(-1 - index) ?? null,
        }),
      );
    });
    expect((await inTx((tx) => keys.findAll(tx, ids))).toSorted(byId)).toEqual(updated);
  });

  it('inserts a row as it became, and updates one once with all that was changed', async () => {
    const sent = await statementsOf(async (tx) => {
      const row = keys.insert(tx, {
        id: 'key_became',
        fingerprint: 'f',
        status: 'started',
        request: 'req_1',
        attempt: null,
        response_status: null,
        response_body: null,
        created_at: new Date('2026-03-01T12:00:00.123Z'),
      });
      const changed = keys.update(tx, row, { status: 'finished' });
      keys.update(tx, changed, { response_status: 200 });
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(/^insert into "idempotency_keys"/);
    const found = await inTx((tx) => keys.find(tx, 'key_became'));
    expect(found).toMatchObject({ status: 'finished', response_status: 200 });

    const again = await statementsOf(async (tx) => {
      if (found === null) throw new Error('It is not there.');
      keys.update(tx, keys.update(tx, found, { response_status: 201 }), { response_body: 'b' });
    });
    expect(again).toHaveLength(1);
    expect(await inTx((tx) => keys.find(tx, 'key_became'))).toMatchObject({
      response_status: 201,
      response_body: 'b',
    });
  });

  it('removes', async () => {
    const id = await make();
    await inTx(async (tx) => keys.remove(tx, id));
    expect(await inTx((tx) => keys.find(tx, id))).toBeNull();
  });
});
