/**
 * What a callback says. It is a copy of an answer, so of a payment it says what the answer would have
 * said. Of a capture, a cancellation or a refund it says how a transaction stood at some time: for
 * those it is asked how that stands now.
 */
import { NoAnswer, type Asked, type Message, type Outcome } from '../processor';
import { answerOf, type Answer } from './answer';
import { meaningOf } from './codes';
import { valueOf } from './fields';
import type { Log } from './line';
import { outcomeOfAuthorization, type Way } from './outcomes';

type Frame = Way['frame'];

/** @param wayTo how the payer came to where the message finds them. */
export function heed(
  { verb, request }: Asked,
  message: Message,
  wayTo: (reference: string, frame: Frame) => Way,
  log: Log,
): Outcome | null {
  if (verb !== 'authorize' && verb !== 'resume') return null;
  const { reference } = request;
  const frame = verb === 'resume' && request.step?.kind === 'frame' ? request.step : null;
  try {
    const answer = answerOf(message);
    // Before the payer's browser was known, nothing was sent that could have been answered.
    const hasBefore = verb === 'resume' && request.step?.kind !== 'browser';
    if (hasBefore && isOfBefore(answer, frame)) return null;
    const authorized = verb === 'resume' ? request.authorization : request;
    return outcomeOfAuthorization(
      answer,
      { ...authorized, reference },
      wayTo(reference, frame),
      log,
    );
  } catch (error) {
    if (error instanceof NoAnswer) return null;
    throw error;
  }
}

/** The challenge that the payer has been through is no answer to their having been through it. */
const isOfBefore = (answer: Answer, frame: Frame): boolean =>
  meaningOf(answer.responseCode)?.kind === 'challenge' &&
  (frame === null || valueOf(answer.fields, 'threeDSRef') === frame.continuation);
