/** A request as PHP would see it, and what of it may be repeated in an answer. */
import { decodeFields, rootOf, type Field, type Fields } from '../fields';

/** Fields by name, in their order. A name that is said twice has its last value. */
export type Given = ReadonlyMap<string, string>;

/**
 * The fields of a body, or null where it is no form. An empty value counts as absent, except in a
 * signature, which is therefore verified over what was sent.
 */
export function readFields(body: string): Fields | null {
  try {
    return decodeFields(body.trim());
  } catch {
    return null;
  }
}

export const toGiven = (fields: Fields): Given =>
  new Map(fields.filter(([, value]) => value !== ''));

/** Never repeated, never stored. */
const SECRET = new Set([
  'signature',
  'merchantPwd',
  'merchantSecret',
  'cardNumber',
  'cardCVV',
  'paymentToken',
]);

/** What a gateway says in an answer, and overwrites in a request. */
const ANSWERED = new Set([
  'responseCode',
  'responseMessage',
  'responseStatus',
  'state',
  'transactionID',
  'requestID',
  'timestamp',
]);

/** What is repeated in the answer to this request. */
export const echoOf = (given: Given): Field[] =>
  [...given].filter(([name]) => !SECRET.has(rootOf(name)) && !ANSWERED.has(rootOf(name)));

/** Of one request only: the next about the same payment brings its own. */
const PASSING = new Set(['threeDSRef', 'threeDSResponse', 'checkOnly', 'cloneFields', 'xref']);

/** What of a request is kept with its transaction, and answered by QUERY. */
export const keptOf = (given: Given): Field[] =>
  echoOf(given).filter(([name]) => !PASSING.has(rootOf(name)));
