/** From a body that was posted to what goes back on the wire, with everything that may go wrong. */
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeFields, valueOf, type Fields } from '../fields';
import { signed } from '../signature';
import type { Answer } from './answer';
import type { Bank } from './bank';
import type { Callbacks } from './callbacks';
import { answer } from './direct';
import type { AnswerFault, Fate, Faults } from './faults';
import { readFields } from './request';

/** What is written to the connection; `cut` and `hung` are no answer at all. */
export type Reply =
  | { readonly kind: 'text'; readonly status: 200 | 500 | 503; readonly body: string }
  /** Half of it arrives, and then the connection breaks. */
  | { readonly kind: 'torn'; readonly body: string }
  | { readonly kind: 'cut' }
  | { readonly kind: 'hung' };

export interface Line {
  readonly bank: Bank;
  readonly faults: Faults;
  readonly callbacks: Callbacks;
}

export async function serve({ bank, faults, callbacks }: Line, body: string): Promise<Reply> {
  const fields = readFields(body);
  const fate = faults.draw({
    action: fields === null ? '' : targetOf(fields),
    reference: fields === null ? null : valueOf(fields, 'transactionUnique'),
  });
  // It acts in the middle of the time that it takes: a client that gives up does so before or after.
  await wait(fate.delayMs / 2);
  const lost = fate.answer === null ? null : BEFORE_IT_ACTS[fate.answer];
  if (lost != null) return lost;
  const answered = answer(bank, fields);
  const text = encodeFields(toMessage(answered));
  await wait(fate.delayMs / 2);
  if (answered.callbackURL !== null)
    announce(callbacks, answered, answered.callbackURL, text, fate);
  return fate.answer === null ? reply(text) : spoiled(fate.answer, answered, text);
}

const wait = async (ms: number): Promise<void> => {
  if (ms > 0) await sleep(ms);
};

const targetOf = (fields: Fields): string =>
  valueOf(fields, 'threeDSRef') === null ? (valueOf(fields, 'action') ?? '') : 'CONTINUE';

const toMessage = ({ fields, account }: Answer): Fields =>
  account === null || account.secret === null ? fields : signed(fields, account.secret);

const reply = (body: string): Reply => ({ kind: 'text', status: 200, body });

/** TABLE: faults that strike before the gateway acts, and what is heard of them. */
const BEFORE_IT_ACTS: Partial<Record<AnswerFault, Reply>> = {
  drop_before: { kind: 'cut' },
  hang_before: { kind: 'hung' },
  http_500_before: { kind: 'text', status: 500, body: '' },
  http_503_before: { kind: 'text', status: 503, body: '' },
};

/** What arrives instead of an answer, though everything that it says has happened. */
function spoiled(fault: AnswerFault, { fields, account }: Answer, text: string): Reply {
  switch (fault) {
    case 'http_500_after':
      return { kind: 'text', status: 500, body: '' };
    case 'http_503_after':
      return { kind: 'text', status: 503, body: '<h1>Service Unavailable</h1>' };
    case 'torn':
      return { kind: 'torn', body: text };
    case 'truncated':
      return reply(text.slice(0, Math.floor(text.length / 2)));
    case 'garbage':
      return reply('<html><body><h1>It works!</h1></body></html>');
    case 'empty':
      return reply('');
    case 'wrong_signature':
      return reply(encodeFields(signed(fields, `${account?.secret ?? ''}, or so`)));
    case 'unsigned':
      return reply(encodeFields(fields));
    case 'hang_before':
    case 'hang_after':
      return { kind: 'hung' };
    case 'drop_before':
    case 'drop_after':
    case 'http_500_before':
    case 'http_503_before':
      return { kind: 'cut' };
  }
}

function announce(
  callbacks: Callbacks,
  { fields, account }: Answer,
  url: string,
  text: string,
  fate: Fate,
): void {
  const faults = new Map(fate.callbacks.map(({ fault, delayMs }) => [fault, delayMs]));
  const body = faults.has('callback_wrong_signature')
    ? encodeFields(signed(fields, `${account?.secret ?? ''}, or so`))
    : text;
  callbacks.remember(valueOf(fields, 'xref') ?? '', url, body);
  if (faults.has('callback_dropped')) return;
  const delayMs = faults.get('callback_delayed') ?? 0;
  callbacks.send(url, body, delayMs);
  if (faults.has('callback_doubled')) callbacks.send(url, body, delayMs);
}
