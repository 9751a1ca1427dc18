import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type TestWorld } from '@/server/testing/context';
import { connect, type Pool } from './client';
import { keyRow, keys } from './keys.case';
import { idempotency_keys } from './schema/idempotency_keys';
import { readers } from './readers';
import { transact, type Tenant, type Writer } from './scope';

let world: TestWorld;
let a: Tenant;
let b: Tenant;
const pools: Pool[] = [];

function pool(max = 1, url = world.url): Pool {
  const made = connect(url, { max, name: 'scope test' });
  pools.push(made);
  return made;
}

const stored = async (id: string): Promise<number> =>
  (await world.admin`select 1 from idempotency_keys where id = ${id}`).length;

const whoAmI = async ({ lookUp }: Writer): Promise<unknown> =>
  (
    await lookUp(
      `select current_user, current_setting('calmony.project_id', true), current_setting('calmony.livemode', true)`,
      [],
    )
  )[0];

const asTenant = ({ projectId, livemode }: Tenant) => [
  'calmony_app',
  String(projectId),
  String(livemode),
];

const pidOf = async ({ lookUp }: Writer): Promise<number> =>
  Number((await lookUp('select pg_backend_pid()', []))[0]?.[0]);

beforeAll(async () => {
  world = await createWorld();
  a = { projectId: (await world.project()).projectId, livemode: false };
  b = { projectId: (await world.project()).projectId, livemode: false };
});

afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.end({ timeout: 1 })));
});

afterAll(() => world.close());

describe('transact', () => {
  it('stores what was written when the work is done', async () => {
    const row1 = await transact(pool(), a, async (tx) =>
      keys.insert({ ...tx, ...a }, keyRow('commits')),
    );
    expect(row1).toMatchObject({ id: 'commits', projectId: a.projectId, livemode: false });
    expect(await stored('commits')).toBe(1);
  });

  it('stores nothing when the work throws, and throws the same', async () => {
    const reason = new Error('no');
    const done = transact(pool(), a, async (tx) => {
      keys.insert({ ...tx, ...a }, keyRow('thrown'));
      throw reason;
    });
    await expect(done).rejects.toBe(reason);
    expect(await stored('thrown')).toBe(0);
  });

  it('throws what the database refused of a write nobody waited for, and stores nothing', async () => {
    const one = pool();
    await transact(one, a, async (tx) => void keys.insert({ ...tx, ...a }, keyRow('twice')));
    const again = transact(one, a, async (tx) => {
      keys.insert({ ...tx, ...a }, keyRow('before'));
      keys.insert({ ...tx, ...a }, keyRow('twice'));
      keys.insert({ ...tx, ...a }, keyRow('after'));
    });
    await expect(again).rejects.toMatchObject({
      code: '23505',
      constraint_name: 'idempotency_keys_pkey',
    });
    expect([await stored('before'), await stored('after')]).toEqual([0, 0]);
  });

  it('throws the refusal of a read also when the work caught it', async () => {
    const done = transact(pool(), a, async (tx) => {
      keys.insert({ ...tx, ...a }, keyRow('caught'));
      await tx.lookUp('select 1 / $1::int', [0]).catch(() => undefined);
    });
    await expect(done).rejects.toMatchObject({ code: '22012' });
    expect(await stored('caught')).toBe(0);
  });

  it('does not take for stored what the driver repeated after the rollback', async () => {
    await world.admin.unsafe('create table plans (id int); grant all on plans to calmony_app');
    const one = pool();
    const use = async (tx: Writer): Promise<void> => {
      tx.write('insert into plans (id) values ($1)', [1]);
      tx.write('select * from plans where id = $1', [1]);
    };
    await transact(one, a, use);
    // The prepared plan answers other columns than before: postgres.js prepares it again and
    // repeats it, by when the transaction has failed and ended.
    await world.admin.unsafe('alter table plans add note text');
    await expect(transact(one, a, use)).rejects.toThrow('rolled back');
    expect(await world.admin`select 1 from plans`).toHaveLength(1);
  });

  it('acts as the application, also where a superuser connects', async () => {
    const [session] = await world.admin`select usesuper from pg_user where usename = session_user`;
    expect(session).toEqual({ usesuper: true });
    expect(await transact(pool(), a, whoAmI)).toEqual(asTenant(a));
  });

  it('leaves no tenant behind on the connection that the next one gets', async () => {
    const one = pool();
    const live = { ...b, livemode: true };
    for (const tenant of [a, b, live, a, live]) {
      expect(await transact(one, tenant, whoAmI)).toEqual(asTenant(tenant));
      await transact(one, tenant, async () => Promise.reject(new Error('no'))).catch(() => null);
      const between = await one.reserve();
      const [left] = await between.unsafe(
        `select current_user, nullif(current_setting('calmony.project_id', true), '') as project`,
      );
      between.release();
      expect(left).toEqual({ current_user: 'calmony_app', project: null });
    }
  });

  it('sends nothing more for work that goes on after its transaction', async () => {
    let late: Writer | undefined;
    await transact(pool(), a, async (tx) => void (late = tx));
    await expect(late?.lookUp('select 1', [])).rejects.toThrow('over');
    expect(() => late?.write('delete from idempotency_keys', [])).toThrow('over');
    expect(() => keys.insert({ ...(late as Writer), ...a }, keyRow('late'))).toThrow('over');
  });

  it('refuses a value that is undefined, instead of waiting for ever', async () => {
    const one = pool();
    const done = transact(one, a, (tx) => tx.lookUp('select $1::text', [undefined]));
    await expect(done).rejects.toThrow('Undefined value');
    expect(await transact(one, a, whoAmI)).toEqual(asTenant(a));
  });

  it('prepares a statement once and then only executes it', async () => {
    const one = pool();
    for (let count = 0; count < 5; count++) {
      await transact(one, a, async (tx) => {
        await keys.find(tx, 'nobody');
        await tx.db.select({ id: idempotency_keys.id }).from(idempotency_keys).limit(3);
        await tx.lookUp('select 1 as without_parameters', []);
      });
    }
    // Each execution plans, or takes the generic plan: together they are the executions.
    const prepared = await transact(one, a, (tx) =>
      tx.lookUp(
        `select (generic_plans + custom_plans)::int from pg_prepared_statements
         where statement ~ 'idempotency_keys|without_parameters'`,
        [],
      ),
    );
    // The fourth is this one, which has its own name in its text.
    expect(prepared.flat().toSorted()).toEqual([1, 5, 5, 5]);
  });
});

describe('a connection that is lost', () => {
  const kill = async (pid: number): Promise<void> => {
    await world.admin`select pg_terminate_backend(${pid}, 5000)`;
  };

  it('fails the transaction that waits for it, and only that', async () => {
    const one = pool();
    const done = transact(one, a, async (tx) => {
      keys.insert({ ...tx, ...a }, keyRow('in flight'));
      const pid = await pidOf(tx);
      await Promise.all([tx.lookUp('select pg_sleep($1)::text', [60]), kill(pid)]);
    });
    await expect(done).rejects.toThrow();
    expect(await stored('in flight')).toBe(0);
    expect(await transact(one, a, whoAmI)).toEqual(asTenant(a));
  });

  it('fails the transaction that goes on later, which does not go on elsewhere', async () => {
    const one = pool();
    const done = transact(one, a, async (tx) => {
      const pid = await pidOf(tx);
      await kill(pid);
      await sleep(100);
      keys.insert({ ...tx, ...a }, keyRow('later'));
      return pidOf(tx);
    });
    await expect(done).rejects.toThrow('lost');
    expect(await stored('later')).toBe(0);
    expect(await transact(one, a, whoAmI)).toEqual(asTenant(a));
  });

  it('is replaced when it is lost between two transactions', async () => {
    const one = pool();
    await kill(await transact(one, a, pidOf));
    await sleep(100);
    expect(await transact(one, a, whoAmI)).toEqual(asTenant(a));
  });

  it('comes back with the database, after any number of failures', async () => {
    const server = new URL(world.url);
    const door = await openDoor(Number(server.port));
    server.port = String(door.port);
    const two = pool(2, server.href);
    expect(await transact(two, a, whoAmI)).toEqual(asTenant(a));
    await door.close();
    for (let count = 0; count < 5; count++)
      await expect(transact(two, a, whoAmI)).rejects.toThrow();
    await door.open();
    const after = await Promise.all([1, 2, 3, 4, 5].map(() => transact(two, a, whoAmI)));
    expect(after).toEqual(after.map(() => asTenant(a)));
    await two.end({ timeout: 1 });
    await door.close();
  });
});

/** A way to the database that can be closed and opened again. */
async function openDoor(to: number) {
  const sockets = new Set<net.Socket>();
  const door = net.createServer((inner) => {
    const outer = net.connect(to, '127.0.0.1');
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          inner.destroy();
          outer.destroy();
        });
    }
    inner.pipe(outer).pipe(inner);
  });
  const open = (at: number) =>
    new Promise<void>((resolve) => door.listen(at, '127.0.0.1', () => resolve()));
  await open(0);
  const { port } = door.address() as net.AddressInfo;
  return {
    port,
    open: () => open(port),
    close: () =>
      new Promise<void>((resolve) => {
        door.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

describe('readers', () => {
  const NOW = 'select now()::text, $1::int';

  it('answers look-ups that arrive together from one transaction', async () => {
    const reader = readers(pool(4))(a);
    const together = await Promise.all([1, 2, 3].map((n) => reader.lookUp(NOW, [n])));
    expect(together.map(([found]) => found?.[1])).toEqual([1, 2, 3]);
    expect(new Set(together.map(([found]) => found?.[0])).size).toBe(1);
    const [later] = await reader.lookUp(NOW, [4]);
    expect(later?.[0]).not.toBe(together[0]?.[0]?.[0]);
  });

  it('fails only the look-up that the database refuses', async () => {
    const one = pool();
    const reader = readers(one)(a);
    const [refused, five, six] = await Promise.allSettled([
      reader.lookUp('select 1 / $1::int', [0]),
      reader.lookUp('select $1::int', [5]),
      reader.lookUp('select $1::int + 1', [5]),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
    expect([five, six]).toMatchObject([{ value: [[5]] }, { value: [[6]] }]);
    expect(await transact(one, b, whoAmI)).toEqual(asTenant(b));
  });

  it('asks again, each alone, for those whose shared connection was lost', async () => {
    const reader = readers(pool())(a);
    const [[pid] = []] = await reader.lookUp('select pg_backend_pid()', []);
    // The first has never been prepared, so the driver holds back what follows it.
    const [slept, one] = await Promise.all([
      reader.lookUp('select pg_sleep($1)::text, 1', [2]),
      reader.lookUp('select $1::int', [1]),
      world.admin`select pg_sleep(0.2), pg_terminate_backend(${Number(pid)}, 5000)`,
    ]);
    expect([slept, one]).toEqual([[['', 1]], [[1]]]);
  });

  it('fails a look-up whose own connection is lost, and answers the next', async () => {
    const reader = readers(pool())(a);
    const [[pid] = []] = await reader.lookUp('select pg_backend_pid()', []);
    const [slept] = await Promise.allSettled([
      reader.lookUp('select pg_sleep($1)::text', [60]),
      world.admin`select pg_sleep(0.2), pg_terminate_backend(${Number(pid)}, 5000)`,
    ]);
    expect(slept.status).toBe('rejected');
    expect(await reader.lookUp('select $1::int', [7])).toEqual([[7]]);
  });

  it('keeps many tenants apart who ask at the same moment', async () => {
    const readerOf = readers(pool(3));
    const tenants = Array.from({ length: 20 }, (_, index) => ({
      projectId: index + 1_000,
      livemode: index % 2 === 0,
    }));
    const WHO = `select current_setting('calmony.project_id'), current_setting('calmony.livemode'), $1::int`;
    const answers = await Promise.all(
      tenants.flatMap((tenant) =>
        [1, 2, 3, 4, 5].map(async (n) => {
          const [answer] = await readerOf(tenant).lookUp(WHO, [n]);
          return { answer, expected: [String(tenant.projectId), String(tenant.livemode), n] };
        }),
      ),
    );
    for (const { answer, expected } of answers) expect(answer).toEqual(expected);
  });
});
