import { rowsOf } from '@/db/rows';
import { simulator_sequels } from '@/db/schema/simulator';
import type { Tx } from '@/server/kernel/context';
import type { Sequel } from '@/server/processor/simulator';

export type NoticeRow = typeof simulator_sequels.$inferSelect & { readonly kind: Sequel };

const rows = rowsOf(simulator_sequels);
export const { update } = rows;

export const lock = (tx: Tx, id: string): Promise<NoticeRow | null> =>
  rows.lock(tx, id) as Promise<NoticeRow | null>;
