import type { SettlementFileRow } from './store';

/** Ours: Stripe has no processor beside itself. */
export interface SettlementFile {
  readonly id: string;
  readonly object: 'settlement_file';
  /** Unix seconds. */
  readonly created: number;
  /** How many of the lines do not agree with our books: see the reconciliation items of the file. */
  readonly differences: number;
  readonly lines: number;
  readonly livemode: boolean;
  /** How many of the lines agree with our books. */
  readonly matched: number;
  readonly name: string | null;
  readonly processor_account: string;
}

export const toSettlementFile = (row: SettlementFileRow): SettlementFile => ({
  id: row.id,
  object: 'settlement_file',
  created: row.created,
  differences: row.differences,
  lines: row.lines,
  livemode: row.livemode,
  matched: row.matched,
  name: row.name,
  processor_account: row.processor_account,
});
