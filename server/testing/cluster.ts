/**
 * Vitest's global set-up: one throwaway PostgreSQL for the run, and in it one migrated database
 * that each test file copies. Copying a database takes a tenth of a second; migrating one, ten.
 */
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startEphemeral } from '@/db/embedded';
import { migrate } from '@/db/migrate';
import { ensureEventPartitions } from '@/server/events';

export const TEMPLATE = 'calmony_template';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the server's maintenance database. */
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startEphemeral({ durable: false });
  const admin = postgres(cluster.url, { max: 1 });
  await admin.unsafe(`create database ${TEMPLATE}`);
  await admin.end();
  await migrate(databaseUrl(cluster.url, TEMPLATE), (sql) =>
    ensureEventPartitions(sql, new Date()),
  );
  project.provide('postgresUrl', cluster.url);
  return () => cluster.stop();
}

export function databaseUrl(url: string, database: string): string {
  const copy = new URL(url);
  copy.pathname = `/${database}`;
  return copy.href;
}
