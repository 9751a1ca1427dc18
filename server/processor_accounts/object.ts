import type { ProcessorAccountRow } from './store';

/** What may be shown of an account. Ours: Stripe is its own processor. */
export interface ProcessorAccount {
  readonly id: string;
  readonly object: 'processor_account';
  readonly base_url: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Unix seconds. */
  readonly created: number;
  /** Whether a `merchantPwd` is stored beside the secret. */
  readonly has_password: boolean;
  /** Whether new cards are taken by it: of those that are active, the newest is. */
  readonly is_current: boolean;
  readonly livemode: boolean;
  readonly merchant_category_code: string | null;
  readonly merchant_id: string;
  readonly processor: ProcessorAccountRow['processor'];
  readonly status: ProcessorAccountRow['status'];
  readonly three_d_secure: boolean;
}

export const toProcessorAccount = (
  row: ProcessorAccountRow,
  current: string | null,
): ProcessorAccount => ({
  id: row.id,
  object: 'processor_account',
  base_url: row.base_url,
  country: row.country,
  created: row.created,
  has_password: row.password !== null,
  is_current: row.id === current,
  livemode: row.livemode,
  merchant_category_code: row.merchant_category_code,
  merchant_id: row.merchant_id,
  processor: row.processor,
  status: row.status,
  three_d_secure: row.three_d_secure,
});
