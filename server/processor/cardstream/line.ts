/**
 * The line to Cardstream: a request goes signed, and an answer comes back that is whole, signed, in
 * time and about what was asked. Anything else is no answer.
 */
import { NoAnswer } from '../processor';
import { readAnswer, type Answer, type Credentials } from './answer';
import { encodeFields, valueOf, type Fields } from './fields';
import { Late, post, type Post } from './post';
import { scrub } from './scrub';
import { signed } from './signature';

export interface LineOptions extends Credentials {
  /** `merchantPwd`, of accounts that have one beside the secret. */
  readonly password?: string | null | undefined;
  /** Where the gateway is, without the path of an integration. */
  readonly baseUrl: string;
  /** Milliseconds from the first request to the last byte of the last answer. */
  readonly deadlineMs?: number | undefined;
  readonly post?: Post | undefined;
  readonly log: Log;
}

/** The part of a logger that is needed here. What is logged is scrubbed before. */
export interface Log {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Sends `action` and what else is asked. Throws `NoAnswer`. */
export type Send = (fields: Fields) => Promise<Answer>;

/** A little less than what whoever asks waits for us: see `server/conclusions.ts`. */
const DEADLINE_MS = 24_000;

/**
 * Opens a line for one thing that is asked, over however many requests. They share its deadline: once
 * nobody waits any more nothing is sent, since what was looked at before may have changed by then.
 */
export function linesTo(options: LineOptions): () => Send {
  const { merchantId, secret, password, baseUrl, log } = options;
  const url = `${baseUrl.replace(/\/$/, '')}/direct/`;
  const identity: Fields = [
    ['merchantID', merchantId],
    ...(password == null ? [] : ([['merchantPwd', password]] as const)),
  ];
  return () => {
    const end = performance.now() + (options.deadlineMs ?? DEADLINE_MS);
    return async (fields) => {
      try {
        const request = signed([...identity, ...fields.map(withPlainLineEnds)], secret);
        const deadlineMs = end - performance.now();
        if (deadlineMs <= 0) throw new Late();
        const body = await answerTo(url, encodeFields(request), { ...options, deadlineMs });
        const answer = readAnswer(body, options);
        expectAbout(answer, fields);
        return answer;
      } catch (error) {
        const cause = error instanceof NoAnswer ? error : new NoAnswer('There was no answer.');
        log.warn({ request: scrub(fields), reason: reasonOf(error) }, 'cardstream gave no answer');
        throw cause;
      }
    };
  };
}

/** The body of a gateway's answer, which any status but 200 is not. */
export async function answerTo(
  url: string,
  form: string,
  { post: send = post, deadlineMs }: Pick<LineOptions, 'post'> & { readonly deadlineMs: number },
): Promise<string> {
  const { status, body } = await send(url, form, deadlineMs);
  if (status !== 200) throw new NoAnswer(`The gateway answered with status ${status}.`);
  return body;
}

/** The gateway hashes any line end as LF: sent so, there is no doubt about what was signed. */
const withPlainLineEnds = ([name, value]: Fields[number]): Fields[number] => [
  name,
  value.replaceAll(/\r\n|\n\r|\r/g, '\n'),
];

/**
 * A gateway repeats what it was asked. An answer that repeats another request, an earlier one that
 * somebody kept, is signed as well. In a continuation of 3-D Secure there is nothing to compare.
 */
function expectAbout(answer: Answer, asked: Fields): void {
  const reference = valueOf(asked, 'transactionUnique');
  if (reference !== null && answer.transactionUnique !== reference) {
    throw new NoAnswer('The answer is about another request.');
  }
  const action = valueOf(asked, 'action') ?? '';
  const xref = valueOf(asked, 'xref');
  if (answer.action !== '' && answer.action.split(':')[0] !== action) {
    throw new NoAnswer('The answer is to another kind of request.');
  }
  // A refusal has an `xref` of its own.
  const isManagement = ['QUERY', 'CAPTURE', 'CANCEL'].includes(action);
  if (isManagement && answer.responseCode === 0 && answer.xref !== xref) {
    throw new NoAnswer('The answer is about another transaction.');
  }
}

/** What an error says, and not what it holds: a cause may have the address or the body in it. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
