import { rowsOf, whenGiven } from '@/db/rows';
import { setup_intents } from '@/db/schema/setup_intents';
import type { Scope } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListSetupIntents } from './params';

export type SetupIntentRow = typeof setup_intents.$inferSelect;
export type Status = SetupIntentRow['status'];

const rows = rowsOf(setup_intents);
export const { insert, find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListSetupIntents) =>
  pageOf<SetupIntentRow>(
    scope,
    { table: setup_intents, rows, object: 'setup_intent' },
    params,
    whenGiven(setup_intents.attach_to_self, params.attach_to_self),
    whenGiven(setup_intents.customer, params.customer),
    whenGiven(setup_intents.payment_method, params.payment_method),
    within(setup_intents.created, params.created),
  );
