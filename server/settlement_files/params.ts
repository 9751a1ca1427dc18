import { z } from 'zod';
import { pageParams } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';

/**
 * With the rest of the request within what one may send: some ten thousand lines. What is longer comes
 * in parts, each with the first line: nothing is counted twice, however a file is cut.
 */
const CONTENT_MAX = 1_000_000;

export const CreateSettlementFile = z.strictObject({
  /** Whose settlement it is. */
  processor_account: z.string(),
  /** The file: CSV in UTF-8, whose first line names the columns. */
  content: z
    .string()
    .min(1)
    .max(
      CONTENT_MAX,
      'A file may have 1,000,000 characters. Import a longer one in parts, each with the first line: nothing is counted twice.',
    ),
  /** What it is called, for whoever reads of it. */
  name: z.string().max(200).optional(),
});

export const SettlementFileId = z.strictObject(id);

export const ListSettlementFiles = z.strictObject({
  ...pageParams,
  processor_account: z.string().optional(),
});
export type ListSettlementFiles = z.infer<typeof ListSettlementFiles>;
