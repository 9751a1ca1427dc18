/**
 * Proof that a delivery came from here and was not altered: an HMAC of the very bytes that are
 * sent, so callers sign the stored body and never a second serialisation of it. While a secret is
 * rolled an endpoint has two, and each signature header then carries one signature for each.
 */
import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';

/**
 * The `Stripe-Signature` header: `t=1735689600,v1=5257a8…[,v1=…]`, hexadecimal HMAC-SHA256 of
 * `timestamp.body`. The key is the secret's text as it stands, `whsec_` included.
 *
 * `timestamp` is unix time in seconds, of this attempt and not of the event: the official SDKs
 * refuse a signature more than 300 seconds old.
 * Source: https://docs.stripe.com/webhooks#verify-manually
 */
export function sign(body: string, secrets: readonly string[], timestamp: number): string {
  const signatures = secrets.map((secret) => hmac(secret, `${timestamp}.${body}`).toString('hex'));
  return [`t=${timestamp}`, ...signatures.map((signature) => `v1=${signature}`)].join(',');
}

/**
 * The three headers of Standard Webhooks, for receivers that verify with its libraries: each
 * signature is `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`.
 *
 * The key is what the text after `whsec_` decodes to as base64. Our secrets are 32 base62
 * characters, which are also a base64 text: 24 bytes, the least the specification allows, with no
 * padding to argue about. So one secret, shown once, serves both schemes.
 *
 * `id` is the same for every attempt of one message (the event's), `timestamp` in unix seconds is
 * that of the attempt.
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function standardHeaders(
  id: string,
  body: string,
  secrets: readonly string[],
  timestamp: number,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    return `v1,${hmac(key, `${id}.${timestamp}.${body}`).toString('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();
