import { eq } from 'drizzle-orm';
import { rowsOf } from '@/db/rows';
import { setup_attempts } from '@/db/schema/setup_intents';
import type { Scope } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListSetupAttempts } from './params';

export type SetupAttemptRow = typeof setup_attempts.$inferSelect;
export type Status = SetupAttemptRow['status'];

const rows = rowsOf(setup_attempts);
export const { insert, find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListSetupAttempts) =>
  pageOf<SetupAttemptRow>(
    scope,
    { table: setup_attempts, rows, object: 'setup_attempt' },
    params,
    eq(setup_attempts.setup_intent, params.setup_intent),
    within(setup_attempts.created, params.created),
  );
