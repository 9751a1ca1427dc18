/**
 * Cardstream's Direct API, and the gateways of other names that are the same.
 *
 * It cannot be asked for a reference of ours: QUERY wants the `xref` that came with the answer, and
 * an answer can be lost. So the same request is sent again, within the time in which the gateway
 * knows it for a duplicate: code 65554 says that the first one arrived, anything else is its result.
 */
import {
  ask,
  NoAnswer,
  type Asked,
  type Authorize,
  type Declined,
  type Finding,
  type Inquiry,
  type Outcome,
  type Processor,
  type Resume,
} from '../processor';
import { meaningOf } from './codes';
import { readAnswer } from './answer';
import { heed } from './heed';
import { linesTo, type LineOptions } from './line';
import {
  Duplicate,
  NO_CHECKS,
  outcomeOfAuthorization,
  unauthenticated,
  type Way,
} from './outcomes';
import {
  authorization,
  continuation,
  isAuthenticated,
  isCountedAlike,
  management,
  type Merchant,
} from './requests';
import { cancel, capture, refund, type Counter } from './settlement';
import { findingOf, standingIn, type Standing } from './standing';
import { SWITCHES, type Switches } from './switches';

export interface CardstreamOptions extends LineOptions, Omit<Merchant, 'switches'> {
  /** The page of ours where a payer goes on with the challenge that the request of a reference met. */
  readonly redirect: (reference: string) => string;
  readonly switches?: Partial<Switches> | undefined;
  /** For the deadline of a challenge. */
  readonly clock: () => Date;
}

export function newCardstream(options: CardstreamOptions): Processor {
  const { redirect, log, clock } = options;
  const merchant: Merchant = { ...options, switches: { ...SWITCHES, ...options.switches } };
  const open = linesTo(options);
  const counter = (): Counter => ({ merchant, send: open(), log });

  const wayTo = (reference: string, frame: Way['frame']): Way => ({
    frame,
    redirect: redirect(reference),
    now: clock(),
  });

  async function authorize(asked: Authorize): Promise<Outcome> {
    if (!isCountedAlike(asked.currency)) return UNCOUNTABLE;
    if (isAuthenticated(merchant, asked) && asked.browser === null) {
      // Nothing was sent: the payer's browser has to be met first.
      const { reference } = asked;
      return {
        kind: 'challenge',
        transaction: null,
        redirect: redirect(reference),
        step: { kind: 'browser' },
      };
    }
    const answer = await open()(authorization(merchant, asked));
    return outcomeOfAuthorization(answer, asked, wayTo(asked.reference, null), log);
  }

  async function resume({ reference, transaction, step, answer, authorization: asked }: Resume) {
    const given = { ...asked, reference };
    if (step?.kind === 'browser') {
      return asked.browser === null ? unauthenticated(null) : authorize(given);
    }
    if (step === null || answer === null || clock().getTime() > step.expires * 1000) {
      return unauthenticated(transaction);
    }
    const action = asked.amount === 0 ? merchant.switches.card_check : 'SALE';
    const line = counter();
    const proceeded = await line.send(continuation(action, step.continuation, answer));
    const kind = meaningOf(proceeded.responseCode)?.kind;
    if (kind === 'refused') return refusedToGoOn(line, transaction, given);
    // A refusal has an `xref` of its own; what goes on is the transaction that was stopped.
    if ((kind === 'approved' || kind === 'challenge') && proceeded.xref !== transaction) {
      throw new NoAnswer('The answer is about another transaction.');
    }
    return outcomeOfAuthorization(proceeded, given, wayTo(reference, step), log);
  }

  const processor: Processor = {
    name: 'cardstream',
    authorize,
    resume,
    capture: (asked) => capture(counter(), asked),
    cancel: (asked) => cancel(counter(), asked),
    refund: (asked) => refund(counter(), asked),
    inquire: (inquiry) => inquire({ ...counter(), processor, clock }, inquiry),
    hear: (body) => readAnswer(body, options).fields,
    heed: (asked, message) => heed(asked, message, wayTo, log),
  };
  return processor;
}

/**
 * The gateway does not know the step any more: its time is over, or it was taken before and that was
 * not heard. What still waits for its cardholder waits in vain, for nobody knows how to go on.
 */
async function refusedToGoOn(
  counter: Counter,
  transaction: string | null,
  asked: Authorize,
): Promise<Outcome> {
  const standing = transaction === null ? null : await look(counter, transaction);
  if (standing === null) throw new NoAnswer('The gateway does not say how the payment stands.');
  if (standing.state === 'received') return unauthenticated(transaction);
  const finding = findingOf(standing, asked, counter.log);
  if (finding.kind === 'arrived' || finding.kind === 'unheard') {
    throw new NoAnswer('The gateway does not say what became of the payment.');
  }
  return finding;
}

interface Inquirer extends Counter {
  readonly processor: Processor;
  /** For the deadline of a challenge: time passes while the gateway is asked. */
  readonly clock: () => Date;
}

/** The rungs that need the gateway: look, where the transaction is known; else send it again. */
async function inquire(inquirer: Inquirer, inquiry: Inquiry): Promise<Finding> {
  const { asked, transaction } = inquiry;
  const { merchant, processor } = inquirer;
  const isRepeatable = isWithinWindow(merchant, inquiry);
  if (asked === null) return { kind: 'arrived', transaction };
  switch (asked.verb) {
    // These look first and do nothing twice, so to ask again is to inquire.
    case 'capture':
    case 'increment':
    case 'cancel':
      return ask(processor, asked);
    case 'refund':
      return refund(inquirer, asked.request, isRepeatable);
    case 'authorize':
    case 'resume':
      return inquireOfPayment(inquirer, { ...inquiry, asked }, isRepeatable);
  }
}

/** A transaction that is known has arrived, so where the gateway does not say how it stands, it waits. */
async function inquireOfPayment(
  inquirer: Inquirer,
  inquiry: Inquiry & { readonly asked: Paying },
  isRepeatable: boolean,
): Promise<Finding> {
  const { asked, transaction } = inquiry;
  if (transaction !== null) {
    const standing = await look(inquirer, transaction);
    if (standing === null) return { kind: 'arrived', transaction };
    // What waits for its cardholder may not have heard what they answered.
    const isWaiting = asked.verb === 'resume' && standing.state === 'received';
    if (!isWaiting) return findingOf(standing, authorizationIn(asked), inquirer.log);
    if (isOver(asked.request, inquiry, inquirer.clock())) return { kind: 'arrived', transaction };
  }
  return isRepeatable ? repeat(inquirer, asked) : { kind: 'arrived', transaction };
}

/**
 * Whether an answer of the cardholder that was sent in time can no longer be sent again. One that came
 * too late was never sent: to ask again is to be told so, without asking the gateway.
 */
function isOver({ step }: Resume, { sent_at }: Inquiry, now: Date): boolean {
  if (step?.kind !== 'frame') return false;
  const end = step.expires * 1000;
  return now.getTime() > end && (sent_at === null || sent_at.getTime() <= end);
}

type Paying = Extract<Asked, { verb: 'authorize' | 'resume' }>;

const authorizationIn = (asked: Paying): Authorize =>
  asked.verb === 'resume' ? asked.request.authorization : asked.request;

function isWithinWindow({ switches }: Merchant, { sent_at, now }: Inquiry): boolean {
  return sent_at === null || now.getTime() - sent_at.getTime() < switches.repeat_within_s * 1000;
}

const look = async ({ merchant, send }: Counter, transaction: string): Promise<Standing | null> =>
  standingIn(await send(management(merchant, 'QUERY', transaction)));

/** Sends it again. A duplicate is the proof that it arrived, and may name what it is one of. */
async function repeat(
  { processor, merchant, send, log }: Inquirer,
  asked: Paying,
): Promise<Finding> {
  try {
    return await ask(processor, asked);
  } catch (error) {
    if (!(error instanceof Duplicate)) throw error;
    const { xref } = error.answer;
    const standing = xref === null ? null : await look({ merchant, send, log }, xref);
    const { reference } = asked.request;
    // Its own `xref` may be that of the refusal: only what is ours and has not ended in it counts.
    if (standing === null || standing.answer.transactionUnique !== reference) return ARRIVED;
    if (standing.state === 'finished') return ARRIVED;
    return findingOf(standing, authorizationIn(asked), log);
  }
}

const ARRIVED: Finding = { kind: 'arrived', transaction: null };

/** Before anything is sent: to be wrong by a hundred about an amount is worse than to refuse it. */
const UNCOUNTABLE: Declined = {
  kind: 'declined',
  transaction: null,
  code: 'invalid_currency',
  decline_code: null,
  message: 'This currency cannot be charged through Cardstream.',
  checks: NO_CHECKS,
};

export { readAnswer, type Answer, type Credentials } from './answer';
export { hostedToken } from './requests';
export { scrub } from './scrub';
export { SWITCHES, type Switches } from './switches';
