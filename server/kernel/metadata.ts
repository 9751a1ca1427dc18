/**
 * Metadata: what integrators keep on our objects for themselves, as text by key. A change is merged
 * into what is there, as Stripe does it (https://docs.stripe.com/api/metadata): a key is removed by
 * an empty value, all keys by an empty string in place of the object.
 */
import { z } from 'zod';
import { parameterInvalid } from './errors';

export type Metadata = Record<string, string>;

/** Null, which only JSON can spell, removes a key as the empty string does. */
export type MetadataChange = Readonly<Record<string, string | null>>;

const KEYS_MAX = 50;
const KEY_LENGTH_MAX = 40;
const VALUE_LENGTH_MAX = 500;

/**
 * The input `metadata` of an operation. Forms only carry text; from JSON, numbers and booleans are
 * taken as their text. The limits are `mergeMetadata`'s, because they hold for the outcome.
 */
export const metadata = z.union(
  [
    z.record(
      z.string(),
      z
        // Text comes first: whatever a form sends is text, even where it looks like a number.
        .union([z.string(), z.number(), z.boolean(), z.null()], {
          error: 'Invalid value type: must be a string',
        })
        .transform((value) => (value === null ? null : String(value))),
    ),
    z.literal(''),
    z.null().transform(() => '' as const),
  ],
  { error: 'Invalid object' },
);

/**
 * The metadata after a change; neither argument is changed. For a new object `before` is `{}`.
 *
 * @param change `''` removes all keys; undefined, a parameter not sent, changes nothing.
 * @throws ApiError 400 for more than 50 keys, a key that is empty, has square brackets or more
 *   than 40 characters, and a value of more than 500 characters.
 */
export function mergeMetadata(before: Metadata, change: MetadataChange | '' | undefined): Metadata {
  if (change === undefined) return before;
  if (change === '') return {};
  // A map, since in an object a key such as `__proto__` would not be a key like any other.
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(change)) {
    if (value === null || value === '') {
      merged.delete(key);
    } else {
      assertKey(key);
      assertValue(key, value);
      merged.set(key, value);
    }
  }
  if (merged.size > KEYS_MAX) {
    throw parameterInvalid(
      `Metadata can have up to ${KEYS_MAX} keys, but you've set ${merged.size}.`,
      'metadata',
    );
  }
  return Object.fromEntries(merged);
}

function assertKey(key: string): void {
  const length = lengthOf(key);
  if (length > KEY_LENGTH_MAX) {
    throw parameterInvalid(
      `Metadata keys can have up to ${KEY_LENGTH_MAX} characters, but you passed in a key that is ${length} characters. Invalid key: ${key}`,
      'metadata',
    );
  }
  if (key === '' || /[[\]]/.test(key)) {
    throw parameterInvalid(
      `Metadata keys cannot be empty or contain square brackets ([ and ]). Invalid key: ${key}`,
      'metadata',
    );
  }
}

function assertValue(key: string, value: string): void {
  const length = lengthOf(value);
  if (length > VALUE_LENGTH_MAX) {
    throw parameterInvalid(
      `Metadata values can have up to ${VALUE_LENGTH_MAX} characters, but you passed in a value that is ${length} characters. Invalid value: ${value}`,
      `metadata[${key}]`,
    );
  }
}

/** In Unicode code points, as PostgreSQL counts, not in UTF-16 units: an emoji is one. */
const lengthOf = (text: string): number => Array.from(text).length;
