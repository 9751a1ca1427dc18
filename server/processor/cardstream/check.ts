/** Whether a gateway can be reached, and takes the credentials: by a question that moves nothing. */
import { NoAnswer } from '../processor';
import { decodeFields, encodeFields, valueOf, type Fields } from './fields';
import { answerTo, type LineOptions } from './line';
import { Late } from './post';
import { sign, verify } from './signature';

export interface Check {
  readonly result: 'accepted' | 'refused' | 'unreachable';
  /** A sentence for whoever entered the credentials. */
  readonly message: string;
}

/** In the form of one, and made of letters that no `xref` has: there never was such a transaction. */
const NO_TRANSACTION = '00010100AA00AA00AA00AAA';

/** Long enough for a gateway, short enough for somebody who waits for the page. */
const DEADLINE_MS = 10_000;

/**
 * TABLE: codes that are about who asks, and not about what was asked (G3 A-1). Two are given for a
 * wrong signature, by the guide and by what is observed.
 */
const REFUSALS: Readonly<Record<string, string>> = {
  '65539': 'The gateway does not know the merchant ID, or the secret is another.',
  '65540': 'The gateway does not take requests from this address: allow it in the MMS.',
  '65557': 'The gateway does not take requests from this address: allow it in the MMS.',
  '65558': 'The gateway does not take requests from this address: allow it in the MMS.',
  '65559': 'The gateway does not take requests from this address: allow it in the MMS.',
  '66049': 'The gateway misses the merchant ID.',
  '66050': 'The gateway misses the password.',
  '66087': 'The gateway misses the signature.',
  '66305': 'The gateway does not know the merchant ID.',
  '66306': 'The password is another.',
  '66343': 'The secret is another: the gateway finds the signature wrong.',
};

export type CheckOptions = Pick<
  LineOptions,
  'baseUrl' | 'merchantId' | 'password' | 'secret' | 'post'
>;

/** Asks for a transaction that there is not. Never throws for what a gateway may do. */
export async function checkCredentials(options: CheckOptions): Promise<Check> {
  const { baseUrl, merchantId, password, secret } = options;
  const question: Fields = [
    ['merchantID', merchantId],
    ...(password == null ? [] : ([['merchantPwd', password]] as const)),
    ['action', 'QUERY'],
    ['xref', NO_TRANSACTION],
  ];
  const signed = [...question, ['signature', sign(question, secret)] as const];
  let answer: Fields;
  try {
    const url = `${baseUrl}/direct/`;
    answer = decodeFields(
      await answerTo(url, encodeFields(signed), { ...options, deadlineMs: DEADLINE_MS }),
    );
  } catch (error) {
    return { result: 'unreachable', message: whyUnreachable(error) };
  }
  return meaningOf(answer, secret);
}

function meaningOf(answer: Fields, secret: string): Check {
  const code = valueOf(answer, 'responseCode');
  if (code === null || !/^\d+$/.test(code)) {
    return { result: 'unreachable', message: 'What answers at this address is no such gateway.' };
  }
  const refusal = REFUSALS[code];
  if (refusal !== undefined) return { result: 'refused', message: `${refusal} (${code})` };
  switch (verify(answer, secret)) {
    case 'whole':
      return { result: 'accepted', message: 'The gateway takes these credentials.' };
    case 'missing':
      return {
        result: 'refused',
        message:
          'The gateway takes the request and does not sign its answer: set a signature secret for the account in the MMS.',
      };
    case 'partial':
    case 'wrong':
      return { result: 'refused', message: 'The secret is another: the answer is signed by it.' };
  }
}

/** Without what the error holds, which may name what is in our network. */
function whyUnreachable(error: unknown): string {
  if (error instanceof NoAnswer) return error.message;
  return error instanceof Late
    ? 'The gateway did not answer within ten seconds.'
    : 'There is no gateway at this address, or it cannot be reached from here.';
}
