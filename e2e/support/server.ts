/** A server for one test file, with a database of its own on the cluster of the test run. */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { databaseUrl, TEMPLATE } from '@/server/testing/cluster';
import { startProcess, type ServerProcess } from './process';

export { PUBLISHABLE_KEY, SECRET_KEY } from './process';

/** With the address of its database, for what can be said nowhere else; `stop()` takes it along. */
export interface TestServer extends ServerProcess {
  readonly databaseUrl: string;
}

export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const name = `e2e_${randomBytes(6).toString('hex')}`;
  await onCluster(`create database ${name} template ${TEMPLATE}`);
  const url = databaseUrl(inject('postgresUrl'), name);
  const server = await startProcess({ databaseUrl: url, env });
  return {
    ...server,
    databaseUrl: url,
    async stop() {
      await server.stop();
      await onCluster(`drop database ${name} with (force)`);
    },
  };
}

async function onCluster(statement: string): Promise<void> {
  const admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => undefined });
  try {
    await admin.unsafe(statement);
  } finally {
    await admin.end();
  }
}
