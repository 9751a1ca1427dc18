/** A gateway at the other end of the line that answers as a test tells it, and keeps what it got. */
import { signed } from './signature';
import { decodeFields, encodeFields, valueOf, without, type Fields } from './fields';
import { newCardstream, type CardstreamOptions } from './index';
import type { Post, Posted } from './post';
import type { Authorize, Browser, Outcome } from '../processor';

export const SECRET = 'Circle4Take40Idea';
export const MERCHANT = '100001';
export const XREF = '22111611PM34XW20YS37QVK';
/** Of the transaction that brought the card. */
export const CARD = '22111510BC20DF30GH40JKL';

/** What is answered to a request; an Error is thrown, what was posted is sent as it is. */
export type Reply = Fields | Error | Posted;

const isPosted = (reply: Fields | Posted): reply is Posted => 'status' in reply;

export interface Logged {
  readonly level: 'warn' | 'error';
  readonly facts: object;
  readonly message: string;
}

/** A connector to a gateway that gives these replies in turn. */
export function connect(
  replies: readonly (Reply | ((request: Fields) => Reply))[],
  options: Partial<CardstreamOptions> = {},
) {
  const requests: Fields[] = [];
  const logged: Logged[] = [];
  const left = [...replies];
  const answer: Post = async (_url, form) => {
    const request = decodeFields(form);
    requests.push(request);
    const next = left.shift();
    if (next === undefined) throw new Error(`no reply to ${valueOf(request, 'action')}`);
    const reply = typeof next === 'function' ? next(request) : next;
    if (reply instanceof Error) throw reply;
    return isPosted(reply) ? reply : respond(request, reply);
  };
  const log = (level: Logged['level']) => (facts: object, message: string) => {
    logged.push({ level, facts, message });
  };
  const processor = newCardstream({
    merchantId: MERCHANT,
    secret: SECRET,
    baseUrl: 'https://gateway.example',
    country: 'GB',
    threeDSecure: false,
    redirect: (reference) => `https://pay.example/challenge/${reference}`,
    returnUrl: (reference) => `https://pay.example/return/${reference}`,
    callbackUrl: 'https://pay.example/callback',
    clock: () => NOW,
    post: answer,
    log: { warn: log('warn'), error: log('error') },
    ...options,
  });
  /** The fields of a request, without what is the same in all. */
  const sent = (at: number): Record<string, string> =>
    Object.fromEntries(without(without(requests[at] ?? [], 'signature'), 'merchantID'));
  return { processor, requests, sent, logged };
}

export const NOW = new Date('2026-11-29T12:00:00Z');

/** As the gateway does: the request again, without its secrets, and what came of it; signed. */
export const respond = (request: Fields, reply: Fields, secret = SECRET): Posted => ({
  status: 200,
  body: encodeFields(signed(echo(request, reply), secret)),
});

const HIDDEN = new Set(['signature', 'paymentToken', 'merchantPwd']);

const echo = (request: Fields, reply: Fields): Fields => {
  const said = new Set(reply.map(([name]) => name));
  return [...request.filter(([name]) => !HIDDEN.has(name) && !said.has(name)), ...reply];
};

/** A sale of £10 that was paid, after PIX's recording of 16 Nov 2022. */
export const PAID: Fields = [
  ['responseCode', '0'],
  ['responseStatus', '0'],
  ['responseMessage', 'AUTHCODE:117207'],
  ['state', 'captured'],
  ['xref', XREF],
  ['transactionID', '139821'],
  ['authorisationCode', '117207'],
  ['amount', '1000'],
  ['amountReceived', '1000'],
  ['currencyCode', '826'],
  ['cardNumberMask', '492942******0821'],
  ['cardTypeCode', 'VC'],
  ['cardScheme', 'Visa '],
  ['cardExpiryMonth', '12'],
  ['cardExpiryYear', '28'],
  ['cardExpiryDate', '1228'],
  ['cardIssuerCountryCode', 'GBR'],
  ['cv2Check', 'matched'],
  ['addressCheck', 'matched'],
  ['postcodeCheck', 'not matched'],
  ['acquirerResponseDetails[b]', '2'],
  ['acquirerResponseDetails[a]', '1'],
  ['__wafRequestID', '2022-11-16T11:34:20Z|9b1a06d269|127.0.0.1|abcdefghijk'],
];

/** The same answer with other values; an undefined one goes missing. */
export const but = (fields: Fields, change: Record<string, string | undefined>): Fields => [
  ...fields.filter(([name]) => !(name in change)),
  ...Object.entries(change).filter((field): field is [string, string] => field[1] !== undefined),
];

export const refusedWith = (code: number, message = 'CARD DECLINED'): Fields =>
  but(PAID, {
    responseCode: String(code),
    responseStatus: code < 65_536 ? '1' : '2',
    responseMessage: message,
    state: code < 65_536 ? 'declined' : 'finished',
    amountReceived: '0',
    authorisationCode: undefined,
  });

export const asking = (over: Partial<Authorize> = {}): Authorize => ({
  reference: 'att_0123456789abcdefghijkl',
  amount: 1_000,
  currency: 'gbp',
  card: { token: CARD },
  capture: true,
  off_session: false,
  statement_descriptor: null,
  agreement: 'none',
  initiator: 'customer',
  previous: null,
  billing: null,
  browser: null,
  request_three_d_secure: 'automatic',
  ...over,
});

export const BROWSER: Browser = {
  ip: '203.0.113.7',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
  accept: 'text/html',
  accept_language: 'en-GB,en;q=0.9',
  screen: { width: 1_920, height: 1_080, depth: 30, time_zone: -60, java: false },
};

export function expectDeclined(outcome: Outcome): Extract<Outcome, { kind: 'declined' }> {
  if (outcome.kind !== 'declined') throw new Error(`expected a decline, not ${outcome.kind}`);
  return outcome;
}
