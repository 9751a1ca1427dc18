import net from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '@/db/client';
import { transact, readers } from '@/db/scope';
import { createWorld, type TestWorld } from '@/server/testing/context';
let world: TestWorld; let t: {projectId:number;livemode:boolean};
beforeAll(async () => { world = await createWorld(); t = { projectId: (await world.project()).projectId, livemode: false }; });
afterAll(() => world.close());
const within = <T>(p: Promise<T>, ms = 4000) => Promise.race([p, new Promise<string>((r) => setTimeout(() => r('HANGS'), ms))]);
it('killed idle in tx', async () => {
  const pool = connect(world.url, { max: 1, name: 'p1' });
  const r = await within(transact(pool, t, async (w) => {
    const [[pid] = []] = await w.lookUp('select pg_backend_pid()', []);
    await world.admin`select pg_terminate_backend(${Number(pid)})`;
    await new Promise((x) => setTimeout(x, 300));
    return w.lookUp('select current_user', []);
  }).catch((e) => 'ERR ' + e.message));
  console.log('idle kill ->', r);
  console.log('after ->', await within(transact(pool, t, (w) => w.lookUp('select current_user', [])).catch((e) => 'ERR ' + e.message)));
});
it('killed in flight', async () => {
  const pool = connect(world.url, { max: 1, name: 'p2' });
  const r = await within(transact(pool, t, async (w) => {
    const [[pid] = []] = await w.lookUp('select pg_backend_pid()', []);
    setTimeout(() => void world.admin`select pg_terminate_backend(${Number(pid)})`.then(() => 0), 100);
    return w.lookUp('select pg_sleep(2)::text', []);
  }).catch((e) => 'ERR ' + e.message));
  console.log('flight kill ->', r);
  console.log('after ->', await within(transact(pool, t, (w) => w.lookUp('select current_user', [])).catch((e) => 'ERR ' + e.message)));
});
it('outage', async () => {
  const target = new URL(world.url); let up = true; const socks = new Set<net.Socket>();
  const proxy = net.createServer((s) => { if (!up) { s.destroy(); return; } const o = net.connect(Number(target.port), '127.0.0.1'); socks.add(s); s.pipe(o).pipe(s); s.on('error', () => o.destroy()); o.on('error', () => s.destroy()); s.on('close', () => o.destroy()); });
  await new Promise<void>((r) => proxy.listen(0, '127.0.0.1', r));
  target.port = String((proxy.address() as net.AddressInfo).port);
  const pool = connect(target.href, { max: 2, name: 'p3' });
  up = false;
  for (let i = 0; i < 4; i++) console.log('down', await within(transact(pool, t, (w) => w.lookUp('select 1', [])).catch((e) => 'ERR ' + e.message), 3000));
  up = true;
  for (let i = 0; i < 4; i++) console.log('up', await within(transact(pool, t, (w) => w.lookUp('select 1', [])).catch((e) => 'ERR ' + e.message), 3000));
});
it('late statement', async () => {
  const pool = connect(world.url, { max: 1, name: 'p4' });
  let late: any;
  await transact(pool, t, async (w) => { late = w; });
  console.log('late', await late.lookUp('select current_user', []).catch((e: Error) => e.message));
});
it('batch failure', async () => {
  const pool = connect(world.url, { max: 1, name: 'p5' });
  const r = readers(pool)(t);
  console.log('batch', await within(Promise.allSettled([r.lookUp('select 1 / $1::int', [0]), r.lookUp('select $1::int', [5]), r.lookUp('select $1::int + 1', [5])])));
  console.log('state', await within(pool`select current_user, current_setting('calmony.project_id', true) p, now() <> statement_timestamp() as intx`));
});
it('undefined', async () => {
  const pool = connect(world.url, { max: 1, name: 'p6' });
  console.log('undef', await within(transact(pool, t, async (w) => Promise.allSettled([w.lookUp('select $1::text', [undefined]), w.lookUp('select 7', [])])).catch((e) => 'ERR ' + e.message), 3000));
});
