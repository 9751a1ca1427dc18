/**
 * The one place that mints ids: Stripe's prefix, then 22 base62 characters that sort by creation
 * time (48 bits of milliseconds, 80 random bits). Within a process ids strictly increase, so
 * objects of the same second keep an order; between processes the random bits decide.
 *
 * The columns are `COLLATE "C"`, in which digits sort before capitals before small letters, and so
 * does the alphabet here. The primary key is therefore also the list order and the write locality.
 */
import { randomBytes, randomFillSync } from 'node:crypto';

export const PREFIX = {
  account: 'acct',
  api_key: 'key',
  audit_entry: 'aud',
  balance_transaction: 'txn',
  brand_image: 'img',
  card: 'card',
  charge: 'ch',
  credit_note: 'cn',
  credit_note_line_item: 'cnli',
  customer: 'cus',
  customer_balance_transaction: 'cbtxn',
  discount: 'di',
  dispute: 'du',
  early_fraud_warning: 'issfr',
  event: 'evt',
  invitation: 'invite',
  invoice: 'inv',
  invoice_line_item: 'il',
  invoice_payment: 'inpay',
  invoiceitem: 'ii',
  ledger_entry: 'le',
  mandate: 'mandate',
  member: 'mem',
  meter: 'mtr',
  meter_event: 'mtr_evt',
  meter_event_adjustment: 'mtr_adj',
  payment_intent: 'pi',
  payment_method: 'pm',
  payout: 'po',
  price: 'price',
  processor_account: 'pacct',
  processor_attempt: 'att',
  processor_callback: 'pcb',
  processor_transaction: 'sim',
  product: 'prod',
  promotion_code: 'promo',
  reconciliation_item: 'rec',
  refund: 're',
  request: 'req',
  session: 'ses',
  settlement_file: 'stf',
  settlement_line: 'stl',
  setup_attempt: 'setatt',
  setup_intent: 'seti',
  subscription: 'sub',
  subscription_item: 'si',
  subscription_schedule: 'sub_sched',
  tax_id: 'txi',
  tax_rate: 'txr',
  test_clock: 'clock',
  confirmation_token: 'ctoken',
  token: 'tok',
  user: 'user',
  webhook_attempt: 'wha',
  webhook_delivery: 'whd',
  webhook_endpoint: 'we',
} as const;

export type IdKind = keyof typeof PREFIX;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^22 > 2^128. */
const LENGTH = 22;
const RANDOM_BITS = 80n;
const RANDOM_SPACE = 1n << RANDOM_BITS;

let lastMillisecond = 0;
let lastRandom = 0n;

/** Random bytes by the page: asking the system for a few at a time costs more than all the rest. */
const page = Buffer.alloc(4096);
let used = page.length;

function random(length: number): Buffer {
  if (used + length > page.length) {
    randomFillSync(page);
    used = 0;
  }
  used += length;
  return page.subarray(used - length, used);
}

/** A new id such as `cus_0Uq3…`. */
export function newId(kind: IdKind): string {
  const now = Date.now();
  if (now > lastMillisecond) {
    lastMillisecond = now;
    // The top bit stays clear, so that counting up within a millisecond cannot overflow.
    lastRandom = BigInt(`0x${random(10).toString('hex')}`) >> 1n;
  } else {
    lastRandom += 1n + BigInt(random(4).readUInt32BE());
    if (lastRandom >= RANDOM_SPACE) {
      lastMillisecond += 1;
      lastRandom = 0n;
    }
  }
  return `${PREFIX[kind]}_${base62((BigInt(lastMillisecond) << RANDOM_BITS) | lastRandom, LENGTH)}`;
}

/** A new id that comes after another, which a process may have made whose clock is ahead of ours. */
export function newIdAfter(kind: IdKind, other: string): string {
  const id = newId(kind);
  const last = bodyOf(other);
  if (bodyOf(id) > last) return id;
  const step = 1n + BigInt(random(4).readUInt32BE());
  return `${PREFIX[kind]}_${base62(fromBase62(last) + step, LENGTH)}`;
}

const bodyOf = (id: string): string => id.slice(id.lastIndexOf('_') + 1);

function fromBase62(body: string): bigint {
  let value = 0n;
  for (const digit of body) value = value * 62n + BigInt(ALPHABET.indexOf(digit));
  return value;
}

/** The smallest id body of an instant: a bound for time ranges over ids, such as partitions. */
export const firstIdBodyAt = (date: Date): string =>
  base62(BigInt(date.getTime()) << RANDOM_BITS, LENGTH);

/** `length` random base62 characters: secrets, where order would be a leak. 5.95 bits each. */
export function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 is the largest multiple of 62 in a byte: what lies above would bias the first letters.
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/** `length` random base32 characters (RFC 4648, lower case): for secrets that people type. 5 bits each. */
export const randomBase32 = (length: number): string =>
  Array.from(randomBytes(length), (byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('');

/** The kind an id claims to be by its prefix, or null. */
export function kindOf(id: string): IdKind | null {
  return KINDS.get(id.slice(0, id.lastIndexOf('_'))) ?? null;
}

const KINDS = new Map<string, IdKind>(
  Object.entries(PREFIX).map(([kind, prefix]) => [prefix, kind as IdKind]),
);

const CHUNK = 62n ** 8n;

function base62(value: bigint, length: number): string {
  let text = '';
  let rest = value;
  while (text.length < length) {
    // Eight digits at a time: within a chunk plain numbers do, which is far faster than bigint.
    let chunk = Number(rest % CHUNK);
    rest /= CHUNK;
    for (let digit = 0; digit < 8 && text.length < length; digit++) {
      text = ALPHABET[chunk % 62]! + text;
      chunk = Math.floor(chunk / 62);
    }
  }
  return text;
}
