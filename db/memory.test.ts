import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type TestWorld } from '@/server/testing/context';
import { connect, type Pool } from './client';
import { joiners, type Transact } from './jointly';
import { keyRow, keys as anonymous } from './keys.case';
import { isOutdated, type Memory } from './memory';
import { rowsOf } from './rows';
import { idempotency_keys } from './schema/idempotency_keys';
import { transact, type Tenant, type Writer } from './scope';

/** As `anonymous`, of a table whose rows tell who wrote them last. */
const keys = rowsOf(idempotency_keys, true);

let world: TestWorld;
let pool: Pool;
let tenant: Tenant;
/** What was sent on the connections of `pool`. */
let sent: string[];

beforeAll(async () => {
  world = await createWorld();
  const plain = connect(world.url, { max: 8, name: 'memory test' });
  const reserve: Pool['reserve'] = async () => {
    const connection = await plain.reserve();
    return Object.assign(Object.create(connection) as typeof connection, {
      unsafe: (text: string, ...rest: []) => {
        sent.push(text);
        return connection.unsafe(text, ...rest);
      },
    });
  };
  pool = Object.assign(Object.create(plain) as Pool, { reserve });
  tenant = { projectId: (await world.project()).projectId, livemode: false };
  sent = [];
});

afterAll(async () => {
  await pool.end({ timeout: 1 });
  await world.close();
});

const owned = (tx: Writer): Writer & Tenant => ({ ...tx, ...tenant });

const remembering =
  (work: (tx: Writer) => unknown) =>
  async (tx: Writer): Promise<Memory> => {
    await work(tx);
    return tx.remember();
  };

/** A transaction that does this, and what it leaves. */
const after = (work: (tx: Writer) => unknown): Promise<Memory> =>
  transact(pool, tenant, remembering(work));

const made = (id: string): Promise<Memory> => after((tx) => keys.insert(owned(tx), keyRow(id)));

/** Locks the row, and counts one up from what it has for it. */
const countUp =
  (id: string, rows = keys) =>
  async (tx: Writer): Promise<void> => {
    const found = await rows.lock(tx, id);
    if (found === null) throw new Error(`${id} does not exist.`);
    rows.update(tx, found, { response_status: (found.response_status ?? 0) + 1 });
  };

const countOf = async (id: string): Promise<unknown> =>
  (await world.admin`select response_status as count from idempotency_keys where id = ${id}`)[0]?.[
    'count'
  ];

const outdated = async (going: Promise<unknown>): Promise<boolean> =>
  isOutdated(await going.then(() => null).catch((error: unknown) => error));

describe('a transaction that goes on from a memory', () => {
  it('asks for nothing that the other wrote', async () => {
    const memory = await made('written');
    sent = [];
    await transact(pool, tenant, countUp('written', anonymous), memory);
    expect(sent.map((text) => text.split(/\s/, 1)[0])).toEqual([
      'begin;set',
      'select',
      'update',
      'commit',
    ]);
    expect(sent[1]).toMatch(/^select expect_unchanged\(/);
    expect(await countOf('written')).toBe(1);
  });

  it('asks for nothing that the other read, where rows tell who wrote them', async () => {
    await made('read');
    const memory = await after((tx) => keys.find(tx, 'read'));
    sent = [];
    await transact(pool, tenant, countUp('read'), memory);
    expect(sent).toHaveLength(4);
    expect(await countOf('read')).toBe(1);
  });

  it('asks for what the other read, where they do not', async () => {
    await made('anonymous');
    const memory = await after((tx) => anonymous.lock(tx, 'anonymous'));
    await transact(pool, tenant, countUp('anonymous', anonymous), memory);
    expect(await countOf('anonymous')).toBe(1);
  });

  it('goes on from a transaction that went on from another', async () => {
    const first = await made('chain');
    const second = await transact(pool, tenant, remembering(countUp('chain')), first);
    await transact(pool, tenant, countUp('chain'), second);
    expect(await countOf('chain')).toBe(2);
  });

  it('has not happened where a row was changed meanwhile', async () => {
    const memory = await made('changed');
    await transact(pool, tenant, countUp('changed'));
    const going = transact(
      pool,
      tenant,
      async (tx) => {
        keys.insert(owned(tx), keyRow('beside it'));
        await countUp('changed')(tx);
      },
      memory,
    );
    expect(await outdated(going)).toBe(true);
    expect(await countOf('changed')).toBe(1);
    expect(await countOf('beside it')).toBeUndefined();
  });

  it('has not happened where a row that was only read was changed meanwhile', async () => {
    await made('read and changed');
    const memory = await after((tx) => keys.find(tx, 'read and changed'));
    await transact(pool, tenant, countUp('read and changed'));
    const going = transact(pool, tenant, countUp('read and changed'), memory);
    expect(await outdated(going)).toBe(true);
  });

  it('has not happened where the other itself changed what it had only read', async () => {
    await made('blind');
    const memory = await after(async (tx) => {
      await keys.find(tx, 'blind');
      keys.update(tx, { id: 'blind' }, { response_status: 5 });
    });
    expect(await outdated(transact(pool, tenant, countUp('blind'), memory))).toBe(true);
    expect(await countOf('blind')).toBe(5);
  });

  it('has not happened where a row is gone', async () => {
    const memory = await made('gone');
    await world.admin`delete from idempotency_keys where id = 'gone'`;
    expect(await outdated(transact(pool, tenant, countUp('gone'), memory))).toBe(true);
  });

  it('waits for whoever is changing a row, and has not happened then', async () => {
    const memory = await made('held');
    let let_go: () => void = () => undefined;
    const holding = transact(pool, tenant, async (tx) => {
      await countUp('held')(tx);
      // A read of its table sends the change.
      await tx.lookUp('select 1 from idempotency_keys', []);
      await new Promise<void>((resolve) => (let_go = resolve));
    });
    await expect.poll(() => sent.at(-1)).toBe('select 1 from idempotency_keys');
    const going = outdated(transact(pool, tenant, countUp('held'), memory));
    await expect.poll(() => sent.at(-1)).toMatch(/^commit/);
    let_go();
    await holding;
    expect(await going).toBe(true);
    expect(await countOf('held')).toBe(1);
  });

  it('is not told of what was undone', async () => {
    await made('undone');
    const undone = after(async (tx) => {
      await countUp('undone')(tx);
      keys.insert(owned(tx), keyRow('undone'));
    });
    await expect(undone).rejects.toThrow(/duplicate key/);
    // The connection that it was on takes the next.
    await transact(pool, tenant, countUp('undone'));
    expect(await countOf('undone')).toBe(1);
  });
});

describe('transactions that share one, and go on from memories', () => {
  let join: Transact;
  beforeAll(() => void (join = joiners(pool)(tenant)));

  it('are all stored', async () => {
    const ids = ['one', 'two', 'three', 'four', 'five'];
    const memories = await Promise.all(
      ids.map((id) => join(remembering((tx) => keys.insert(owned(tx), keyRow(id))))),
    );
    await Promise.all(ids.map((id, at) => join(countUp(id), memories[at])));
    expect(await Promise.all(ids.map(countOf))).toEqual([1, 1, 1, 1, 1]);
  });

  it('are stored but for the one whose memory is of the past', async () => {
    const ids = ['six', 'seven', 'eight'];
    const memories = await Promise.all(ids.map(made));
    await transact(pool, tenant, countUp('seven'));
    const ends = await Promise.all(ids.map((id, at) => outdated(join(countUp(id), memories[at]))));
    expect(ends).toEqual([false, true, false]);
    expect(await Promise.all(ids.map(countOf))).toEqual([1, 1, 1]);
  });

  it('count each from what the other left, where they go on from one', async () => {
    const memory = await made('both');
    const ends = await Promise.all([1, 2, 3].map(() => outdated(join(countUp('both'), memory))));
    const happened = ends.filter((end) => !end).length;
    expect(happened).toBeGreaterThan(0);
    expect(await countOf('both')).toBe(happened);
  });
});
