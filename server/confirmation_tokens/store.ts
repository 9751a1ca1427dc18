import { rowsOf } from '@/db/rows';
import { confirmation_tokens } from '@/db/schema/confirmation_tokens';

export type ConfirmationTokenRow = typeof confirmation_tokens.$inferSelect;

export const { insert, find, findAll, lock, update } = rowsOf(confirmation_tokens);
