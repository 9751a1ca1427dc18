/**
 * The issuer's access control server: the page that looks at the browser, and the page where the
 * cardholder answers. It tells the gateway the result itself; what the browser carries back only says
 * that there is one.
 */
import { Hono, type Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { CONTENT_SECURITY_POLICY, challengePage, nothingPage, returnPage } from './acs_pages';
import type { Bank } from './bank';
import { toGiven } from './request';
import { base64url, notificationUrl, readMessage, VERSION } from './three_d_secure';
import type { Authentication, AuthenticationStatus, Transaction } from './transaction';

/** What can be chosen on the page. */
export type ChallengeStatus = Exclude<AuthenticationStatus, 'C' | 'D' | 'I'>;

const CHOICES: readonly string[] = ['Y', 'N', 'U', 'A', 'R', 'E'] satisfies ChallengeStatus[];

/** The issuer's word to the gateway. The first is the last: a second answer changes nothing. */
export function answerChallenge(
  bank: Bank,
  transaction: Transaction,
  status: ChallengeStatus,
): AuthenticationStatus {
  const { authentication } = transaction;
  if (authentication === null) return 'E';
  if (authentication.answer !== null) return authentication.answer;
  bank.books.put({ ...transaction, authentication: { ...authentication, answer: status } });
  return status;
}

/** What the browser carries back to the merchant. */
export const cresOf = (
  { serverTransID, acsTransID }: Authentication,
  status: AuthenticationStatus,
): string =>
  base64url({
    threeDSServerTransID: serverTransID,
    acsTransID,
    challengeCompletionInd: 'Y',
    messageType: 'CRes',
    messageVersion: VERSION,
    transStatus: status,
  });

export function createAcs(bank: Bank): Hono {
  const app = new Hono();
  app.use('/acs/*', guarded);
  app.on(['GET', 'POST'], '/acs', async (http) => {
    const given = await fieldsOf(http);
    return http.req.query('method') === undefined
      ? challenge(bank, http, given)
      : method(bank, http, given);
  });
  app.post('/acs/answer', async (http) => {
    const given = await fieldsOf(http);
    const transaction = bank.books.byAuthentication(given.get('acsTransID') ?? '');
    const status = given.get('status') ?? '';
    if (transaction?.authentication?.stage !== 'challenge' || !CHOICES.includes(status)) {
      return http.html(nothingPage(), 404);
    }
    const answer = answerChallenge(bank, transaction, status as ChallengeStatus);
    const session = given.get('threeDSSessionData');
    return http.html(
      returnPage(notificationUrl(toGiven(transaction.fields), 'challenge'), {
        cres: cresOf(transaction.authentication, answer),
        ...(session === undefined ? {} : { threeDSSessionData: session }),
      }),
    );
  });
  return app;
}

function method(bank: Bank, http: Context, given: ReadonlyMap<string, string>) {
  const message = readMessage(given.get('threeDSMethodData') ?? '');
  const id = String(message?.['threeDSServerTransID']);
  const transaction = bank.books.byAuthentication(id);
  if (transaction?.authentication == null) return http.html(nothingPage(), 404);
  const url = notificationUrl(toGiven(transaction.fields), 'method');
  return http.html(returnPage(url, { threeDSMethodData: base64url({ threeDSServerTransID: id }) }));
}

function challenge(bank: Bank, http: Context, given: ReadonlyMap<string, string>) {
  const message = readMessage(given.get('creq') ?? '');
  const acsTransID = String(message?.['acsTransID']);
  const transaction = bank.books.byAuthentication(acsTransID);
  if (transaction?.authentication?.stage !== 'challenge') return http.html(nothingPage(), 404);
  return http.html(challengePage(transaction, acsTransID, given.get('threeDSSessionData') ?? null));
}

/** Posted, or in the address: a person may look at a page by its link. */
async function fieldsOf({ req }: Context): Promise<ReadonlyMap<string, string>> {
  const posted = req.method === 'POST' ? await req.text() : '';
  return new Map([...Object.entries(req.query()), ...new URLSearchParams(posted)]);
}

const guarded = createMiddleware(async (http, next) => {
  await next();
  http.header('content-security-policy', CONTENT_SECURITY_POLICY);
  http.header('cache-control', 'no-store');
});
