import { rowsOf } from '@/db/rows';
import { tokens } from '@/db/schema/tokens';

export type TokenRow = typeof tokens.$inferSelect;

export const { insert, find, findAll, lock, update } = rowsOf(tokens);
