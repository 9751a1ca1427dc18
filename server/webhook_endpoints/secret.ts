/**
 * The secrets that deliveries are signed with. They are stored encrypted. The API shows one
 * once, when it is made; the dashboard shows it again, and its audit log says to whom.
 */
import type { Tenant } from '@/db/scope';
import { randomBase62 } from '@/server/kernel/ids';
import { decrypt, encrypt, type Keyring } from '@/server/kernel/secrets';
import type { WebhookEndpointRow } from './store';

/** 32 characters are 190 bits, and as base64 the 24 bytes that Standard Webhooks asks for. */
const LENGTH = 32;

/** A new secret, to show and to store. It opens in no other endpoint's row. */
export function newSecret(
  ring: Keyring,
  endpoint: Tenant & { id: string },
): { plain: string; sealed: string } {
  const plain = `whsec_${randomBase62(LENGTH)}`;
  return { plain, sealed: encrypt(ring, plain, identityOf(endpoint)) };
}

/** The secrets that sign at `now`: the current one first, then one that is being rolled. */
export function secretsOf(ring: Keyring, endpoint: WebhookEndpointRow, now: Date): string[] {
  const { secret, previous_secret, previous_secret_expires_at } = endpoint;
  const sealed = [secret];
  if (previous_secret !== null && previous_secret_expires_at !== null) {
    if (previous_secret_expires_at > now) sealed.push(previous_secret);
  }
  return sealed.map((text) => decrypt(ring, text, identityOf(endpoint)));
}

const identityOf = ({ projectId, livemode, id }: Tenant & { id: string }): string =>
  `webhook_endpoints/secret/${projectId}/${livemode}/${id}`;
