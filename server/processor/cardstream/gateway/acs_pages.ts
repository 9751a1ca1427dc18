/** What the issuer shows a cardholder. Plain HTML; one line of script, where a form sends itself. */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { formatMoney } from '@/server/kernel/currencies';
import { currencyOf } from './order';
import type { ChallengeStatus } from './acs';
import type { Transaction } from './transaction';

type Html = ReturnType<typeof html>;

const STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; margin: 0; }
body { padding: 1.25rem; font: 1rem/1.5 ui-sans-serif, system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 26rem; margin: 0 auto; overflow-wrap: anywhere; }
header { margin-bottom: 1rem; font-size: .875rem; opacity: .8; }
h1 { font-size: 1.25rem; line-height: 1.25; }
p { margin-top: .5rem; }
dl { margin: 1rem 0; }
dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .375rem 0; }
dd { font-weight: 600; font-variant-numeric: tabular-nums; }
form { display: grid; gap: .5rem; margin-top: 1rem; }
button { min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid GrayText; border-radius: .5rem;
  background: none; color: inherit; font: inherit; cursor: pointer; }
button.main { background: #0b6e6e; border-color: #0b6e6e; color: #fff; font-weight: 600; }
details { margin-top: .75rem; }
:focus-visible { outline: 2px solid #0b6e6e; outline-offset: 2px; }
`;

const SUBMIT = 'document.forms[0].submit();';

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Whoever frames it, and wherever its forms lead: both are the merchant's affair. */
export const CONTENT_SECURITY_POLICY = `default-src 'none'; base-uri 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SUBMIT)}`;

/** TABLE: what the cardholder, or who plays them, can choose. */
const OTHERS: Readonly<Record<Exclude<ChallengeStatus, 'Y' | 'N'>, string>> = {
  A: 'Attempted only (A)',
  U: 'Unable to authenticate (U)',
  R: 'Rejected by the issuer (R)',
  E: 'Error (E)',
};

/** The question. Closing the window instead of answering is an outcome, too. */
export const challengePage = (
  { amount, currency, card }: Transaction,
  acsTransID: string,
  session: string | null,
): Html => {
  const code = currencyOf(currency)?.code.toLowerCase() ?? 'gbp';
  return page(
    'Is this you?',
    html`
      <p>The shop asks your bank to make sure that this payment is yours.</p>
      <dl>
        <div>
          <dt>Amount</dt>
          <dd>${formatMoney(amount, code)} ${code.toUpperCase()}</dd>
        </div>
        <div>
          <dt>Card</dt>
          <dd><span aria-hidden="true">•••• </span>${card?.mask.slice(-4) ?? ''}</dd>
        </div>
      </dl>
      <form method="post" action="/acs/answer">
        <input type="hidden" name="acsTransID" value="${acsTransID}" />
        ${
          session === null
            ? ''
            : html`<input type="hidden" name="threeDSSessionData" value="${session}" />`
        }
        <button class="main" name="status" value="Y">Complete authentication</button>
        <button name="status" value="N">Fail authentication</button>
        <details>
          <summary>Other outcomes</summary>
          ${Object.entries(OTHERS).map(
            ([status, label]) =>
              html`<p><button name="status" value="${status}">${label}</button></p>`,
          )}
        </details>
      </form>
    `,
  );
};

/** Back to the merchant by itself; by a button where nothing runs. */
export const returnPage = (url: string, fields: Readonly<Record<string, string>>): Html =>
  page(
    'Back to the shop',
    html`
      <form method="post" action="${url}">
        ${Object.entries(fields).map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )}
        <button class="main">Continue</button>
      </form>
      ${raw(`<script>${SUBMIT}</script>`)}
    `,
  );

export const nothingPage = (): Html =>
  page('Nothing to authenticate', html`<p>There is no such request, or it is over.</p>`);

const page = (title: string, content: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Cardstream stand-in</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>
          <header>Cardstream stand-in · no real bank</header>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `;
