/** Credentials, closed to be stored and opened to be used. No answer of ours ever shows them. */
import type { Tenant } from '@/db/scope';
import { decrypt, encrypt, type Keyring } from '@/server/kernel/secrets';
import type { ProcessorAccountRow } from './store';

type Owner = Tenant & Pick<ProcessorAccountRow, 'id'>;
type Secret = 'secret' | 'password';

/** As it is stored. It opens in no other row, and in no other column. */
export const seal = (ring: Keyring, owner: Owner, column: Secret, plain: string): string =>
  encrypt(ring, plain, identityOf(owner, column));

const identityOf = ({ projectId, livemode, id }: Owner, column: Secret): string =>
  `processor_accounts/${column}/${projectId}/${livemode}/${id}`;

/** What a connection to the processor is made of. */
export interface Credentials {
  readonly account: string;
  readonly processor: ProcessorAccountRow['processor'];
  readonly merchantId: string;
  readonly secret: string;
  readonly password: string | null;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly threeDSecure: boolean;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly merchantCategoryCode: string | null;
  readonly callbackToken: string;
  /** Another number means that any of these may be another. */
  readonly revision: number;
}

export const openCredentials = (ring: Keyring, row: ProcessorAccountRow): Credentials => ({
  account: row.id,
  processor: row.processor,
  merchantId: row.merchant_id,
  secret: decrypt(ring, row.secret, identityOf(row, 'secret')),
  password: row.password === null ? null : decrypt(ring, row.password, identityOf(row, 'password')),
  baseUrl: row.base_url,
  threeDSecure: row.three_d_secure,
  country: row.country,
  merchantCategoryCode: row.merchant_category_code,
  callbackToken: row.callback_token,
  revision: row.revision,
});
