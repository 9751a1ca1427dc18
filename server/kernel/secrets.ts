/**
 * Secrets: minted, hashed when they need only be recognised, encrypted when they must be read
 * again. An encrypted value names its key, and is bound to the row it belongs to: moved to another
 * row it does not open.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** Hexadecimal SHA-256. Enough for secrets of 128 random bits and more; never for passwords. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Compares without telling by its time how much was right. */
export function isEqualSecret(given: string, expected: string): boolean {
  const a = createHash('sha256').update(given).digest();
  const b = createHash('sha256').update(expected).digest();
  return timingSafeEqual(a, b);
}

/**
 * Whether whoever asks may see what has this client secret. A browser must know it; a server need
 * not, but is wrong if it gives another.
 */
export const isEntitled = (
  { publishable }: { readonly publishable: boolean },
  given: string | undefined,
  secret: string,
): boolean => (given === undefined ? !publishable : isEqualSecret(given, secret));

/** Keys by id; the first one encrypts, all of them decrypt. 32 bytes each. */
export type Keyring = ReadonlyMap<string, Buffer>;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM under the ring's first key: `keyId:base64(nonce, tag, ciphertext)`. `identity` is
 * what the value belongs to, such as table, column, project and row id.
 */
export function encrypt(ring: Keyring, plaintext: string, identity: string): string {
  const [current] = ring;
  if (current === undefined) throw new Error('There is no encryption key.');
  const [keyId, key] = current;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(identity));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return `${keyId}:${Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64')}`;
}

/** Opens what `encrypt` closed. Throws when the key is unknown, or the value is not this row's. */
export function decrypt(ring: Keyring, sealed: string, identity: string): string {
  const separator = sealed.indexOf(':');
  const keyId = sealed.slice(0, separator);
  const key = ring.get(keyId);
  if (key === undefined) throw new Error(`There is no encryption key "${keyId}".`);
  const bytes = Buffer.from(sealed.slice(separator + 1), 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(identity))
    .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([
    decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
    decipher.final(),
  ]).toString('utf8');
}

const SIGNATURE_BYTES = 16;

/** A signature of the text under the ring's first key: 128 bits of HMAC-SHA-256, in base64url. */
export function sign(ring: Keyring, text: string): string {
  const [current] = ring.values();
  if (current === undefined) throw new Error('There is no encryption key.');
  return signatureOf(current, text);
}

/** Whether any key of the ring signed the text so. */
export const isSigned = (ring: Keyring, text: string, given: string): boolean =>
  [...ring.values()].some((key) => isEqualSecret(given, signatureOf(key, text)));

/** By a key of its own: what encrypts is not what signs. */
function signatureOf(key: Buffer, text: string): string {
  const signing = Buffer.from(hkdfSync('sha256', key, '', 'signature', 32));
  const whole = createHmac('sha256', signing).update(text).digest();
  return whole.subarray(0, SIGNATURE_BYTES).toString('base64url');
}
