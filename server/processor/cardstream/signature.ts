/**
 * The signature of a message to or from Cardstream: SHA-512 of its fields and a secret.
 *
 * Fields are sorted by the name of their record; within a record their order is kept, and is
 * signed. Empty values count. A signature may name the fields that it covers after a bar; all
 * others are then anybody's.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { encodeFields, rootOf, valueOf, without, type Field, type Fields } from './fields';

const NAME = 'signature';

/** The signature of all fields. One that is among them already is not signed. */
export const sign = (fields: Fields, secret: string): string =>
  createHash('sha512')
    .update(canonical(without(fields, NAME)) + secret)
    .digest('hex');

/** The signature of the fields with these (root) names only, which it then lists. */
export function signOnly(fields: Fields, secret: string, names: readonly string[]): string {
  const covered = fields.filter(([name]) => names.includes(rootOf(name)));
  const roots = [...new Set(covered.map(([name]) => rootOf(name)))];
  return `${sign(covered, secret)}|${roots.join(',')}`;
}

/** The message as it is sent: with the signature of all its fields at the end. */
export const signed = (fields: Fields, secret: string): Fields => [
  ...without(fields, NAME),
  [NAME, sign(fields, secret)],
];

/**
 * Whether whoever made the message knew the secret. `partial` says that they did, of the fields
 * that the signature lists: the others may have been added by anybody.
 */
export type Verdict = 'whole' | 'partial' | 'missing' | 'wrong';

export function verify(fields: Fields, secret: string): Verdict {
  const given = valueOf(fields, NAME);
  if (given === null || given === '') return 'missing';
  const bar = given.indexOf('|');
  const names = bar < 0 ? null : given.slice(bar + 1).split(',');
  const covered = fields.filter(([name]) => names === null || names.includes(rootOf(name)));
  if (!isSame(bar < 0 ? given : given.slice(0, bar), sign(covered, secret))) return 'wrong';
  return names === null ? 'whole' : 'partial';
}

/**
 * What is hashed, before the secret. Names are ASCII, so comparing code units compares bytes. Line
 * ends are made one kind in the encoded text, which leaves a typed `%0D` (`%250D` by then) alone.
 */
export function canonical(fields: Fields): string {
  const text = encodeFields(fields.toSorted(byRecord));
  return text.includes('%0D') ? text.replace(/%0D%0A|%0A%0D|%0D/g, '%0A') : text;
}

function byRecord([one]: Field, [other]: Field): number {
  const [a, b] = [rootOf(one), rootOf(other)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** In a time that does not tell how much of it is right. */
function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given.toLowerCase()), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
