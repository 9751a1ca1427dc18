/**
 * How a transaction stands, by QUERY: "as if just performed". What became of it is in its `state`,
 * and in `originalResponseCode` since guide V4.07; the code is that of the query, or of the original.
 */
import type { Authorize, Declined, Finding } from '../processor';
import { amountOf, type Answer } from './answer';
import { valueOf } from './fields';
import type { Log } from './line';
import { approvedBy, declinedBy, isPaid, NO_CHECKS } from './outcomes';
import { scrub } from './scrub';

export interface Standing {
  readonly state: string;
  /** Minor units that are to be settled, or were: nothing once it is canceled. */
  readonly received: number;
  /** Minor units of those that were given back since. */
  readonly refunded: number;
  readonly answer: Answer;
}

/** Null where the gateway does not know the transaction, or did not say. */
export function standingIn(answer: Answer): Standing | null {
  const received = amountOf(answer, 'amountReceived');
  if (answer.responseCode !== 0 && !isOfOriginal(answer)) return null;
  if (answer.state === null || received === null) return null;
  return {
    state: answer.state,
    received,
    refunded: amountOf(answer, 'amountRefunded') ?? 0,
    answer,
  };
}

/** A refusal of the query is about no transaction: it repeats none. */
const isOfOriginal = ({ fields }: Answer): boolean => valueOf(fields, 'transactionID') !== null;

/** What became of a SALE or a VERIFY, from how its transaction stands. */
export function findingOf({ answer, state }: Standing, asked: Authorize, log: Log): Finding {
  const transaction = answer.xref;
  switch (state) {
    case 'approved':
    case 'captured':
    case 'tendered':
    case 'accepted':
      if (isPaid(answer, asked)) return approvedBy(answer, asked);
      break;
    case 'verified':
      if (asked.amount === 0) return approvedBy(answer, asked);
      break;
    case 'reversed':
      if (asked.amount === 0 && originalCodeOf(answer) === 0) return approvedBy(answer, asked);
      return whyDeclined(answer, asked, log);
    case 'declined':
    case 'referred':
    case 'finished':
      return whyDeclined(answer, asked, log);
    case 'canceled':
      return canceled(transaction);
    // It waits for its cardholder.
    case 'received':
      return { kind: 'arrived', transaction };
  }
  log.error({ answer: scrub(answer.fields) }, 'a transaction at cardstream is not what was asked');
  return { kind: 'arrived', transaction };
}

function whyDeclined(answer: Answer, asked: Authorize, log: Log): Declined {
  const code = originalCodeOf(answer);
  // Without the reason the issuer's no is still a no.
  return declinedBy(answer, asked, log, code === null || code === 0 ? DO_NOT_HONOR : code);
}

const DO_NOT_HONOR = 5;

/** What the issuer answered, where the answer to the query tells. */
function originalCodeOf({ fields, responseCode }: Answer): number | null {
  const original = valueOf(fields, 'originalResponseCode');
  if (original !== null) return Number(original);
  return responseCode === 0 ? null : responseCode;
}

export const canceled = (transaction: string | null): Declined => ({
  kind: 'declined',
  transaction,
  code: 'charge_expired_for_capture',
  decline_code: null,
  message: 'The authorization was cancelled.',
  checks: NO_CHECKS,
});
