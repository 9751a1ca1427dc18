/**
 * The simulator: a bank for test mode. It is a peer of the real gateway, not a mock: it keeps its
 * own books, knows nothing of ours, and can be asked later what became of a request.
 *
 * What it answers depends on the card (`cards.ts`), on its rules (`rules.ts`) and on what its
 * books say (`books.ts`), and on nothing else.
 */
import type { Outcome, Processor } from '../processor';
import { postgresBooks, type Books, type Entry, type Run } from './books';
import { cardOf, withCvc } from './cards';
import { withFaults, type Faults } from './faults';
import * as rules from './rules';
import type { Decision, Hold } from './rules';

export interface SimulatorOptions {
  readonly books: Books;
  /** Mints the bank's own ids; never the same twice. */
  readonly newTransaction: () => string;
  /** The page where the cardholder answers the challenge that the request of a reference met. */
  readonly redirect: (reference: string) => string;
  /** What goes wrong on the way; absent, nothing. */
  readonly faults?: Faults;
}

export function simulator({
  books,
  newTransaction,
  redirect,
  faults,
}: SimulatorOptions): Processor {
  /** Decides a request about an authorization, upon its latest state, and writes it down. */
  const decide = (
    verb: Entry['verb'],
    { reference, transaction, amount = 0 }: Subject,
    rule: (hold: Hold) => Decision,
  ): Promise<Outcome> =>
    write(books, async () => {
      const last = transaction === null ? null : await books.byTransaction(transaction);
      const decision = last === null ? rules.refuseUnknown(newTransaction()) : rule(last.hold);
      const sequence = (last?.sequence ?? 0) + 1;
      return { reference, verb, amount: writable(amount), sequence, ...decision };
    });

  const processor: Processor = {
    name: 'simulator',
    authorize: (request) =>
      write(books, async () => {
        const { reference, amount } = request;
        const transaction = newTransaction();
        const decision = rules.authorize(request, {
          transaction,
          redirect: redirect(reference),
          isSetUp: await isSetUp(books, request.card.token),
        });
        return { reference, verb: 'authorize', amount: writable(amount), sequence: 1, ...decision };
      }),
    resume: (request) =>
      decide('resume', request, (hold) => rules.resume(hold, redirect(request.reference))),
    capture: (request) => decide('capture', request, (hold) => rules.capture(hold, request)),
    increment: (request) => decide('increment', request, (hold) => rules.increment(hold, request)),
    cancel: (request) => decide('cancel', request, rules.cancel),
    refund: (request) =>
      decide('refund', request, (hold) => rules.refund(hold, request, newTransaction())),
    async inquire({ reference }) {
      const entry = await books.find(reference);
      const conclusion =
        entry?.verb === 'refund' ? await books.find(conclusionOf(reference)) : null;
      return (conclusion ?? entry)?.outcome ?? { kind: 'unheard' };
    },
  };
  return faults === undefined ? processor : withFaults(processor, faults);
}

/**
 * The cardholder answers the challenge of a transaction, on the bank's own page. False when none
 * is waiting, or when the other answer was given first. The merchant then calls `resume`.
 */
export async function answerChallenge(
  books: Books,
  transaction: string,
  passed: boolean,
): Promise<boolean> {
  const last = await books.byTransaction(transaction);
  if (last?.hold.state !== 'challenged') return false;
  const entry: Entry = {
    reference: `bank:answer:${transaction}`,
    verb: 'answer',
    amount: 0,
    sequence: last.sequence + 1,
    hold: rules.answer(last.hold, passed),
    outcome: last.outcome,
  };
  const written = await books.record(entry);
  // Lost to another request about the same transaction: look again whether it still waits.
  if (written === null) return answerChallenge(books, transaction, passed);
  return written.hold.state === entry.hold.state;
}

/**
 * Time passes at the bank, and the refund of this reference gets its last word: a pending one
 * succeeds, that of a failing card fails. `inquire` answers with it from then on. Null when the
 * reference is not a refund.
 */
export async function concludeRefund(books: Books, reference: string): Promise<Outcome | null> {
  const refund = await books.find(reference);
  if (refund?.verb !== 'refund') return null;
  const { amount, outcome, hold } = refund;
  return write(books, async () => {
    const last = (await books.byTransaction(hold.transaction)) ?? refund;
    // Looked for after the state was read: a conclusion that comes later makes that state stale.
    const concluded = await books.find(conclusionOf(reference));
    if (concluded !== null) return concluded;
    return {
      reference: conclusionOf(reference),
      verb: 'conclude',
      amount,
      sequence: last.sequence + 1,
      ...rules.concludeRefund(last.hold, amount, outcome),
    };
  });
}

/** As `concludeRefund`, in the transaction of whoever is told of it: `run` need not commit. */
export const concludeRefundIn = (run: Run, reference: string): Promise<Outcome | null> =>
  concludeRefund(postgresBooks(run), reference);

/**
 * What the issuer says of a card that is saved without a payment. Nothing is reserved, so nothing is
 * written in the books. `authentication_required` is not a refusal to save it: it says that its first
 * payment will be challenged.
 */
export const verify = (token: string): Outcome =>
  rules.authorize(
    {
      amount: 0,
      currency: '',
      card: { token },
      capture: false,
      off_session: true,
      request_three_d_secure: 'automatic',
    },
    { transaction: '', isSetUp: true, redirect: '' },
  ).outcome;

export {
  cardByNumber,
  cardByPaymentMethodId,
  cardByToken,
  cardOf,
  isLuhnValid,
  vaulted,
} from './cards';
export type { CardFacts, Sequel } from './cards';
export { DECLINES, type Reason } from './declines';
export { memoryBooks, postgresBooks } from './books';
export { faultsInTurn, parseFaults } from './faults';

/** What a request about an authorization has in common with the others. */
interface Subject {
  readonly reference: string;
  readonly transaction: string | null;
  readonly amount?: number;
}

/** A refused amount may be anything; the books write down only what is an amount. */
const writable = (amount: number): number => (rules.isAmount(amount, 0) ? amount : 0);

const conclusionOf = (reference: string): string => `bank:conclusion:${reference}`;

/** Decides and writes until the decision was taken upon the latest state. One writer always wins. */
async function write(books: Books, decide: () => Promise<Entry>): Promise<Outcome> {
  for (;;) {
    const written = await books.record(await decide());
    if (written !== null) return written.outcome;
  }
}

/** Asked of the books only for the cards to which it makes a difference. */
const isSetUp = async (books: Books, token: string): Promise<boolean> =>
  cardOf(token)?.challenge === 'unless_set_up' &&
  ((await books.isSetUp(token)) || books.isSetUp(withCvc(token)));
