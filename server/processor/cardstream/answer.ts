/**
 * An answer of Cardstream's, once its signature was found right: before that nothing in it is worth
 * reading. The same form comes as the answer to a request and as a copy to our callback door.
 */
import { NoAnswer } from '../processor';
import { decodeFields, valueOf, type Fields } from './fields';
import { verify } from './signature';

export interface Answer {
  readonly fields: Fields;
  readonly responseCode: number;
  /** `SALE`, `VERIFY`, `REFUND_SALE`; of a request about a transaction `CAPTURE:SALE`. */
  readonly action: string;
  readonly state: string | null;
  readonly xref: string | null;
  /** Our reference of what made the transaction. */
  readonly transactionUnique: string | null;
}

/**
 * @param body as it came, `application/x-www-form-urlencoded`, whatever its content type says.
 * @throws NoAnswer where it is no form, or is not signed, all of it, by who has the secret.
 */
export function readAnswer(body: string, { merchantId, secret }: Credentials): Answer {
  const fields = decode(body);
  const verdict = verify(fields, secret);
  if (verdict !== 'whole') throw new NoAnswer(`The signature of the answer is ${verdict}.`);
  const merchant = valueOf(fields, 'merchantID');
  if (merchant !== null && merchant !== merchantId) {
    throw new NoAnswer('The answer is for another merchant.');
  }
  return answerOf(fields);
}

/** What is in fields whose signature was found right. @throws NoAnswer where they are no answer. */
export function answerOf(fields: Fields): Answer {
  const code = valueOf(fields, 'responseCode');
  if (code === null || !/^\d{1,6}$/.test(code)) throw new NoAnswer('The answer has no code.');
  return {
    fields,
    responseCode: Number(code),
    action: valueOf(fields, 'action') ?? '',
    state: valueOf(fields, 'state'),
    xref: valueOf(fields, 'xref'),
    transactionUnique: valueOf(fields, 'transactionUnique'),
  };
}

export interface Credentials {
  readonly merchantId: string;
  /** Signs messages, both ways. */
  readonly secret: string;
}

function decode(body: string): Fields {
  try {
    return decodeFields(body.trim());
  } catch {
    throw new NoAnswer('The answer is no form.');
  }
}

/** A whole number of minor units; null where the field is absent or none. */
export function amountOf({ fields }: Answer, name: string): number | null {
  const text = valueOf(fields, name);
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : null;
}
