/**
 * Capture, cancel and refund: changes of a transaction that exists. The gateway makes them without a
 * reference of ours, so they cannot be told apart when they come twice. How the transaction stands is
 * therefore looked at first: what has been done already is not done again.
 */
import {
  NoAnswer,
  type Approved,
  type Declined,
  type Outcome,
  type Pending,
  type Refund,
  type Reverse,
  type Settle,
} from '../processor';
import { amountOf, type Answer } from './answer';
import { meaningOf } from './codes';
import { valueOf, type Fields } from './fields';
import type { Log, Send } from './line';
import { declinedBy, NO_CHECKS, unsure } from './outcomes';
import { management, numericCurrency, refundSale, type Merchant } from './requests';
import { canceled, standingIn, type Standing } from './standing';

export interface Counter {
  readonly merchant: Merchant;
  readonly send: Send;
  readonly log: Log;
}

export async function capture(counter: Counter, asked: Settle): Promise<Outcome> {
  const { transaction, amount } = asked;
  const standing = await look(counter, transaction);
  if ('kind' in standing) return standing;
  if (isOtherCurrency(standing, asked)) return refuse(transaction, 'other_currency');
  switch (standing.state) {
    case 'approved': {
      if (amount > standing.received) return refuse(transaction, 'over_capture');
      return change(counter, management(counter.merchant, 'CAPTURE', transaction, amount), {
        transaction,
        state: 'captured',
        received: amount,
      });
    }
    case 'captured':
    case 'tendered':
    case 'accepted':
      // Whoever asks for the rest of what was captured in part asks in vain: it is released.
      return standing.received === amount
        ? approved(transaction, standing.answer)
        : refuse(transaction, 'captured');
    case 'canceled':
      return canceled(transaction);
    default:
      return refuse(transaction, 'not_authorized');
  }
}

export async function cancel(counter: Counter, { transaction }: Reverse): Promise<Outcome> {
  const standing = await look(counter, transaction);
  if ('kind' in standing) return standing;
  switch (standing.state) {
    case 'received':
    case 'approved':
      return change(counter, management(counter.merchant, 'CANCEL', transaction), {
        transaction,
        state: 'canceled',
        received: 0,
      });
    case 'canceled':
      return approved(transaction, standing.answer);
    // The gateway would cancel what is captured, too: that is a refund, and for others to ask.
    case 'captured':
    case 'tendered':
    case 'accepted':
      return refuse(transaction, 'captured');
    default:
      return refuse(transaction, 'not_authorized');
  }
}

/**
 * Before a sale is settled nothing can be refunded: less of it is settled, or none. While it is being
 * settled it can be neither, and the refund is pending. Afterwards it is a REFUND_SALE.
 *
 * Refunds of one sale are made in the order in which they were asked for: each says what was left
 * before it, and waits until that is so. Less means that it was made already.
 *
 * @param isRepeatable whether the gateway would know a REFUND_SALE for one that it had. Where it would
 *   not, and does not tell what was refunded, a second one may give the money back twice.
 */
export async function refund(
  counter: Counter,
  asked: Refund,
  isRepeatable = true,
): Promise<Outcome> {
  const { transaction, amount, refundable } = asked;
  const standing = await look(counter, transaction);
  if ('kind' in standing) return standing;
  if (isOtherCurrency(standing, asked)) return refuse(transaction, 'other_currency');
  if (amount > refundable) return refuse(transaction, 'over_refund');
  const { state, received, refunded } = standing;
  const kept = received - refunded;
  switch (state) {
    case 'captured':
    case 'canceled':
    case 'tendered':
    case 'deferred':
    case 'accepted':
      if (kept <= refundable - amount) return approved(transaction, standing.answer);
      break;
    case 'approved':
      return refuse(transaction, 'not_captured');
    default:
      return refuse(transaction, 'not_captured');
  }
  if (state === 'canceled') return canceled(transaction);
  if (kept !== refundable || state === 'tendered' || state === 'deferred') {
    return pending(transaction);
  }
  if (state === 'captured') return giveUp(counter, transaction, kept - amount);
  if (!isRepeatable && valueOf(standing.answer.fields, 'amountRefunded') === null) {
    throw new NoAnswer('The refund may have been made, and the gateway does not tell.');
  }
  return giveBack(counter, asked);
}

/** Settles less, or nothing. */
function giveUp(counter: Counter, transaction: string, left: number): Promise<Outcome> {
  const { merchant } = counter;
  // Between the look and the request the sale may have gone into the file for settlement.
  const wait = (): Pending => pending(transaction);
  return left === 0
    ? change(
        counter,
        management(merchant, 'CANCEL', transaction),
        { transaction, state: 'canceled', received: 0 },
        wait,
      )
    : change(
        counter,
        management(merchant, 'CAPTURE', transaction, left),
        { transaction, state: 'captured', received: left },
        wait,
      );
}

async function giveBack({ merchant, send, log }: Counter, asked: Refund): Promise<Outcome> {
  const answer = await send(refundSale(merchant, asked));
  switch (meaningOf(answer.responseCode)?.kind) {
    case 'approved':
      if (amountOf(answer, 'amount') !== asked.amount || answer.xref === null) {
        return unsure(answer, log);
      }
      return approved(answer.xref, answer);
    case 'declined':
    case 'refused':
      return declinedBy(answer, null, log);
    // `duplicate`: it was made, and the next look at the sale will say so.
    default:
      return unsure(answer, log);
  }
}

/** How a transaction is to stand. */
interface Expected {
  readonly transaction: string;
  readonly state: string;
  readonly received: number;
}

/** Of a transaction as it stands, the gateway does not allow it. */
const NOT_NOW = 65_541;

/**
 * A change counts once the transaction stands as it was to. Where it is not allowed, another request
 * of ours may have made it since the look: so it is looked again.
 *
 * @param refused what it means where it was not made, either
 */
async function change(
  counter: Counter,
  fields: Fields,
  expected: Expected,
  refused = (answer: Answer): Outcome => declinedBy(answer, null, counter.log),
): Promise<Outcome> {
  const answer = await counter.send(fields);
  if (answer.responseCode === 0) {
    const standing = standingIn(answer);
    const isDone = standing !== null && isAs(standing, expected);
    return isDone ? approved(answer.xref ?? '', answer) : unsure(answer, counter.log);
  }
  if (answer.responseCode !== NOT_NOW) return declinedBy(answer, null, counter.log);
  const standing = await look(counter, expected.transaction);
  const isDone = !('kind' in standing) && isAs(standing, expected);
  return isDone ? approved(expected.transaction, standing.answer) : refused(answer);
}

const isAs = (standing: Standing, { state, received }: Expected): boolean =>
  standing.state === state && standing.received === received;

/** A transaction that the gateway does not know was none of ours: nothing can be done with it. */
async function look(
  { merchant, send, log }: Counter,
  transaction: string,
): Promise<Standing | Declined> {
  const answer = await send(management(merchant, 'QUERY', transaction));
  const standing = standingIn(answer);
  if (standing !== null) return standing;
  if (meaningOf(answer.responseCode)?.kind === 'refused') return declinedBy(answer, null, log);
  throw new NoAnswer(`The gateway does not say how ${transaction} stands.`);
}

/** A QUERY that says nothing of the currency is believed: the transaction is named by its xref. */
const isOtherCurrency = ({ answer }: Standing, { currency }: Settle): boolean =>
  (valueOf(answer.fields, 'currencyCode') ?? numericCurrency(currency)) !==
  numericCurrency(currency);

const approved = (transaction: string, { fields }: Answer): Approved => ({
  kind: 'approved',
  transaction,
  authorization_code: valueOf(fields, 'authorisationCode'),
  checks: NO_CHECKS,
});

const pending = (transaction: string): Pending => ({ kind: 'pending', transaction });

/** TABLE: what we refuse ourselves, since the gateway would do something else than was asked. */
const REFUSALS = {
  other_currency: ['invalid_currency', 'The currency is not that of the authorization.'],
  over_capture: ['amount_too_large', 'The amount is greater than what was authorized.'],
  over_refund: ['amount_too_large', 'The amount is greater than what is left to refund.'],
  not_authorized: ['charge_not_authorized', 'The transaction is not authorized.'],
  not_captured: ['charge_not_captured', 'The transaction was not captured.'],
  captured: ['charge_already_captured', 'The transaction was already captured.'],
} as const;

function refuse(transaction: string, why: keyof typeof REFUSALS): Declined {
  const [code, message] = REFUSALS[why];
  return { kind: 'declined', transaction, code, decline_code: null, message, checks: NO_CHECKS };
}
