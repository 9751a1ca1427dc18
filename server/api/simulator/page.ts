/**
 * What the simulated bank shows a cardholder. Plain HTML: it works without scripts, down to 320 CSS
 * pixels, in the colours that the reader prefers.
 */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { formatMoney } from '@/server/kernel/currencies';
import type { PaymentChallenge } from '@/server/payment_intents';
import type { SetupChallenge } from '@/server/setup_intents';

type Html = ReturnType<typeof html>;

/** What is put to the cardholder: a payment, or that their card is saved. */
type Put = PaymentChallenge | SetupChallenge;

const STYLE = `
:root { color-scheme: light dark; --page: #f7f8fa; --surface: #fff; --line: #dde2ea; --ink: #14202e;
  --muted: #56657a; --accent: #0b6e6e; --accent-ink: #fff; --warn: #8a5300; --warn-soft: #fdf1dc; }
@media (prefers-color-scheme: dark) { :root { --page: #0d141c; --surface: #141d28; --line: #263241;
  --ink: #e8edf3; --muted: #9aa9bc; --accent: #4fc3bd; --accent-ink: #06201f; --warn: #f0b95b;
  --warn-soft: #33260d; } }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page);
  color: var(--ink); font: 1rem/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 1.5rem; background: var(--surface);
  border: 1px solid var(--line); border-radius: 1rem; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem; margin-bottom: 1.5rem;
  color: var(--muted); font-size: .875rem; }
header strong { padding: 0 .625rem; border-radius: 1rem; background: var(--warn-soft); color: var(--warn);
  font-weight: 600; }
h1 { font-size: 1.375rem; line-height: 1.25; letter-spacing: -.01em; }
p { margin-top: .5rem; color: var(--muted); }
dl { margin: 1.25rem 0; border-block: 1px solid var(--line); }
dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .625rem 0; }
dl div + div { border-top: 1px solid var(--line); }
dt { color: var(--muted); }
dd { font-weight: 600; font-variant-numeric: tabular-nums; text-align: right; }
form { display: grid; gap: .625rem; }
button, a { display: block; width: 100%; min-height: 3rem; padding: .6875rem 1rem; border: 1px solid var(--accent);
  border-radius: .625rem; background: var(--accent); color: var(--accent-ink); font: inherit;
  font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button + button { background: none; border-color: var(--line); color: var(--ink); }
button:hover, a:hover { border-color: var(--ink); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;

/**
 * Nothing is loaded and nothing runs. Where a form may lead is left open, for browsers hold redirects
 * after it to the same rule, and the merchant's site may redirect on. So is who may frame the page:
 * merchants do (https://docs.stripe.com/payments/3d-secure/authentication-flow).
 */
export const CONTENT_SECURITY_POLICY = `default-src 'none'; base-uri 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** The question, while the intent waits for its answer. `path` is that of the page. */
export const questionPage = (put: Put, path: string): Html =>
  page(
    'Is this you?',
    html`
      <p>${QUESTIONS[put.object]}</p>
      ${facts(put)}
      <form method="post">
        <button formaction="${path}/complete">Complete authentication</button>
        <button formaction="${path}/fail">Fail authentication</button>
      </form>
    `,
  );

const QUESTIONS: Record<Put['object'], string> = {
  payment_intent: 'The shop asks your bank to make sure that this payment is yours.',
  setup_intent: 'The shop asks your bank for your consent to keep this card for later payments.',
};

/** How the intent stands, once nothing is to be answered here any more. */
export const statePage = (put: Put, returnUrl: string | null): Html => {
  const { title, text } = stateOf(put);
  const decline = put.intent.status === 'requires_payment_method' ? lastErrorOf(put) : null;
  return page(
    title,
    html`
      <p>${decline?.message ?? text}</p>
      ${facts(put)}
      ${
        returnUrl === null
          ? html`<p>You may close this window.</p>`
          : html`<a href="${returnUrl}">Return to the shop</a>`
      }
    `,
  );
};

export const unknownPage = (): Html =>
  page(
    'Nothing to authenticate',
    html`<p>There is no such challenge. The address may be incomplete.</p>`,
  );

interface State {
  readonly title: string;
  readonly text: string;
}

const stateOf = (put: Put): State =>
  put.object === 'payment_intent' ? PAYMENTS[put.intent.status] : SETUPS[put.intent.status];

const lastErrorOf = (put: Put): { readonly message?: string } | null =>
  put.object === 'payment_intent' ? put.intent.last_payment_error : put.intent.last_setup_error;

const OVER: State = {
  title: 'This request is over',
  text: 'It was started again, so that this page has no part in it any more.',
};

const PAYMENTS: Record<PaymentChallenge['intent']['status'], State> = {
  succeeded: { title: 'Payment complete', text: 'You are authenticated, and the payment is made.' },
  requires_capture: {
    title: 'Payment authorized',
    text: 'You are authenticated, and the amount is reserved for the shop.',
  },
  processing: {
    title: 'Payment under way',
    text: 'Your answer has arrived. The shop will tell you how the payment ends.',
  },
  requires_payment_method: { title: 'Payment failed', text: 'No money was taken.' },
  canceled: {
    title: 'Payment canceled',
    text: 'The shop gave the payment up. No money was taken.',
  },
  requires_action: OVER,
  requires_confirmation: OVER,
};

const SETUPS: Record<SetupChallenge['intent']['status'], State> = {
  succeeded: {
    title: 'Card saved',
    text: 'You are authenticated, and the shop may keep the card for later payments.',
  },
  processing: {
    title: 'Saving the card',
    text: 'Your answer has arrived. The shop will tell you how it ends.',
  },
  requires_payment_method: { title: 'Card not saved', text: 'The shop does not keep it.' },
  canceled: { title: 'Card not saved', text: 'The shop gave it up, and does not keep the card.' },
  requires_action: OVER,
  requires_confirmation: OVER,
};

const facts = (put: Put): Html => html`
  <dl>
    ${put.object === 'payment_intent' ? money(put.intent) : ''}
    <div>
      <dt>Card</dt>
      <dd><span aria-hidden="true">•••• </span>${put.card.last4}</dd>
    </div>
  </dl>
`;

const money = ({ amount, currency }: PaymentChallenge['intent']): Html => html`
  <div>
    <dt>Amount</dt>
    <dd>${formatMoney(amount, currency)}</dd>
  </div>
  <div>
    <dt>Currency</dt>
    <dd>${currency.toUpperCase()}</dd>
  </div>
`;

const page = (title: string, content: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Simulated bank</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>
          <header><span>Simulated bank</span> <strong>Test mode</strong></header>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `;
