import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { update, type ProcessorAccountRow } from './store';

export type Action = 'enable' | 'disable';

/** Merchants are told of it by the audit log: Stripe has no such thing, and so no event for it. */
const ENABLE = ['active', null] as const;
const DISABLE = ['disabled', null] as const;

export const processorAccount = lifecycle<ProcessorAccountRow['status'], Action>(
  'processor_account',
  ['active'],
  {
    active: { enable: ENABLE, disable: DISABLE },
    disabled: { enable: ENABLE, disable: DISABLE },
  },
);

export function move(tx: Tx, row: ProcessorAccountRow, action: Action): ProcessorAccountRow {
  const step = processorAccount.step(row.status, action);
  if (step === null) throw new Error(`${row.id} is ${row.status}: it cannot ${action}.`);
  const [status] = step;
  return update(tx, row, { status, revision: row.revision + 1 });
}
