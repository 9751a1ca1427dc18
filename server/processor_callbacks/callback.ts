/**
 * A processor's own word, which comes whether or not its answer arrived. It is believed for its
 * signature and for nothing else, kept once, and read when the attempt that it is about is asked
 * after: see `server/ladder.ts`. What is told twice, or late, changes nothing.
 */
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { sha256 } from '@/server/kernel/secrets';
import { answerOf, type Answer } from '@/server/processor/cardstream/answer';
import { rootOf, valueOf, type Fields } from '@/server/processor/cardstream/fields';
import { NoAnswer, type Processor } from '@/server/processor/processor';
import { insertOnce } from './store';

/** A callback whose signature was right. */
export interface Told {
  /** The account that it was sent to. */
  readonly account: string;
  readonly reference: string | null;
  readonly transaction: string;
  readonly action: string;
  readonly state: string;
  readonly responseCode: string;
  readonly digest: string;
  readonly fields: Fields;
}

/**
 * The callback in a body. Nothing in it is looked at before its signature.
 *
 * @throws Distrusted saying why it is not to be believed: for the log, and not for whoever sent it.
 */
export function readCallback(account: string, processor: Processor, body: string): Told {
  const { fields, action, state, xref, transactionUnique, responseCode } = read(processor, body);
  if (state === null || xref === null) throw new Distrusted('It is about no transaction.');
  return {
    account,
    reference: transactionUnique,
    transaction: xref,
    action,
    state,
    responseCode: String(responseCode),
    digest: digestOf(fields),
    fields: fields.filter(isKept),
  };
}

function read(processor: Processor, body: string): Answer {
  if (processor.hear === undefined) throw new Distrusted('This processor sends no messages.');
  try {
    return answerOf(processor.hear(body));
  } catch (error) {
    if (error instanceof NoAnswer) throw new Distrusted(error.message);
    throw error;
  }
}

/** Not signed by the account, or not about anything. */
export class Distrusted extends Error {
  override readonly name = 'Distrusted';
}

/**
 * TABLE: what tells one message from another. The steps of one authentication have the same
 * transaction and state, and differ by what continues them; refunds differ by what they add up to.
 */
const TELLING = [
  'action',
  'responseCode',
  'state',
  'transactionUnique',
  'xref',
  'amountReceived',
  'amountRefunded',
  'threeDSRef',
];

const digestOf = (fields: Fields): string =>
  sha256(JSON.stringify(TELLING.map((name) => valueOf(fields, name))));

/**
 * What an answer is read by, without the payer's name, address and browser, and without what proves
 * an authentication: what is not kept cannot be lost.
 */
const KEPT =
  /^(?:action|amount\w*|authorisationCode|avscv2\w*|(?:address|postcode|cv2)Check|card(?:NumberMask|Expiry\w*|Type\w*|Scheme\w*|IssuerCountry\w*)|currencyCode|original\w*|response\w*|rt\w*|schemeTransactionID|state|threeDS(?!CAVV)\w*|timestamp|transaction\w*|xref)$/;

const isKept = ([name]: Fields[number]): boolean =>
  KEPT.test(rootOf(name)) && name !== 'threeDSDetails[authenticationValue]';

/** Keeps what was told. Answers what of it is news. */
export async function keep(tx: Tx, told: readonly Told[]): Promise<Told[]> {
  const kept = told.map((one) => ({ one, id: newId('processor_callback') }));
  // Two processes that are told the same things at once write them in the same order.
  const inOrder = kept.toSorted(({ one: a }, { one: b }) =>
    [a.transaction, a.state, a.digest].join() < [b.transaction, b.state, b.digest].join() ? -1 : 1,
  );
  const news = await insertOnce(
    tx,
    inOrder.map(({ one: { account, responseCode, ...one }, id }) => ({
      ...one,
      id,
      processor_account: account,
      response_code: responseCode,
      received_at: tx.wallClock,
    })),
  );
  return kept.filter(({ id }) => news.has(id)).map(({ one }) => one);
}
