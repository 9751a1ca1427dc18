/** A runtime on a database of its own, and projects in it, for tests of the domains. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { connect } from '@/db/client';
import { createProject } from '@/server/bootstrap';
import { createRuntime, ctxOf, scopeOf, type Runtime } from '@/server/context';
import type { Ctx, Scope } from '@/server/kernel/context';
import { createLogger } from '@/server/log';
import { findProcessors } from '@/server/processors';
import type { Faults } from '@/server/processor/simulator/faults';
import { databaseUrl, TEMPLATE } from './cluster';

export interface TestWorld {
  readonly runtime: Runtime;
  /** Connects as the superuser, past every policy: to look, and to break things on purpose. */
  readonly admin: postgres.Sql;
  readonly url: string;
  /** The time that every rule sees. Set it to travel. */
  now: Date;
  /** Another tenant, with its keys. */
  project(): Promise<TestTenant>;
  close(): Promise<void>;
}

export interface TestTenant {
  readonly projectId: number;
  readonly secretKey: string;
  readonly publishableKey: string;
  readonly ctx: Ctx;
  readonly scope: Scope;
}

const ORIGIN = 'http://127.0.0.1:3000';

/** A database, a runtime and the simulator. Close it when the file is done. */
export async function createWorld(options: { faults?: Faults } = {}): Promise<TestWorld> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const maintenance = inject('postgresUrl');
  const once = postgres(maintenance, { max: 1, onnotice: () => undefined });
  await once.unsafe(`create database ${name} template ${TEMPLATE}`);
  await once.end();

  const url = databaseUrl(maintenance, name);
  const pool = connect(url, { max: 6, name: 'test' });
  const admin = postgres(url, { max: 2, onnotice: () => undefined });
  const keyring = new Map([['test', randomBytes(32)]]);
  const log = createLogger('silent');
  const clock = (): Date => world.now;
  const world: TestWorld = {
    admin,
    url,
    now: new Date('2026-03-01T12:00:00Z'),
    runtime: createRuntime({
      pool,
      processorOf: findProcessors({
        pool,
        bank: pool,
        keyring,
        clock,
        log,
        origin: ORIGIN,
        ...options,
      }),
      keyring,
      clock,
      log,
      signIn: {
        origin: ORIGIN,
        secret: 'a secret that is only for tests',
        proxies: 0,
        providers: {},
      },
      wake: () => undefined,
    }),
    async project() {
      const created = await createProject(admin, { name: 'Test', now: world.now });
      const tenant = { projectId: created.projectId, livemode: false };
      return {
        projectId: created.projectId,
        secretKey: created.secretKey,
        publishableKey: created.publishableKey,
        // Made anew at each use: the time of the world may have changed.
        get ctx() {
          return ctxOf(world.runtime, tenant);
        },
        get scope() {
          return scopeOf(world.runtime, tenant);
        },
      };
    },
    async close() {
      await pool.end();
      await admin.end();
      const last = postgres(maintenance, { max: 1, onnotice: () => undefined });
      await last.unsafe(`drop database ${name} with (force)`);
      await last.end();
    },
  };
  return world;
}
