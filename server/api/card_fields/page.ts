/** The page with the fields, and the script that asks them for a token and makes a payment method of it. */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

type Html = ReturnType<typeof html>;

const STYLE = `
:root { color-scheme: light dark; --page: #f7f8fa; --surface: #fff; --line: #dde2ea; --ink: #14202e;
  --muted: #56657a; --accent: #0b6e6e; --accent-ink: #fff; --warn: #8a5300; --warn-soft: #fdf1dc; --bad: #a3202c; }
@media (prefers-color-scheme: dark) { :root { --page: #0d141c; --surface: #141d28; --line: #263241;
  --ink: #e8edf3; --muted: #9aa9bc; --accent: #4fc3bd; --accent-ink: #06201f; --warn: #f0b95b;
  --warn-soft: #33260d; --bad: #ff8d95; } }
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
form { display: grid; gap: .875rem; margin-top: 1.25rem; }
form p { display: grid; gap: .25rem; }
label { font-size: .875rem; font-weight: 600; }
input { width: 100%; min-height: 3rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .625rem;
  background: var(--surface); color: var(--ink); font: inherit; }
[hidden] { display: none; }
button { min-height: 3rem; padding: .6875rem 1rem; border: 1px solid var(--accent); border-radius: .625rem;
  background: var(--accent); color: var(--accent-ink); font: inherit; font-weight: 600; cursor: pointer; }
button:disabled { opacity: .6; cursor: progress; }
output { display: block; margin-top: 1rem; font-weight: 600; }
output.bad { color: var(--bad); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;

/** A decline is told as it comes; what else goes wrong is not the cardholder's to mend. */
const SCRIPT = `
const form = document.forms.card;
const said = document.querySelector('output');
const button = form.querySelector('button');
const { key } = form.dataset;
const fields = new hostedFields.classes.Form(form, { autoSetup: true, autoSubmit: false,
  merchantID: form.dataset.merchant });
const say = (text, isBad) => { said.textContent = text; said.className = isBad ? 'bad' : ''; };
const keep = async (token) => {
  const body = new URLSearchParams({ type: 'card', 'card[token]': token });
  for (const input of form.querySelectorAll('[name^=billing_details]')) {
    if (input.value !== '') body.set(input.name, input.value);
  }
  const response = await fetch('/v1/payment_methods', { method: 'POST', body,
    headers: { authorization: 'Bearer ' + key, 'idempotency-key': crypto.randomUUID() } });
  const answer = await response.json();
  if (!response.ok) return say(answer.error.message, true);
  form.hidden = true;
  said.dataset.paymentMethod = answer.id;
  say('Card •••• ' + answer.card.last4 + ' is ' + answer.id + '.', false);
};
const submit = (token) => {
  form.elements.token.value = token;
  form.submit();
};
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  say('', false);
  try {
    const details = await fields.getPaymentDetails({}, true);
    if (details.success) await (key === undefined ? submit : keep)(details.paymentToken);
    else say(Object.values(details.invalid || {})[0] || details.message || 'The card could not be read.', true);
  } catch {
    say('The card could not be sent. Try again.', true);
  }
  button.disabled = false;
});
`;

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The gateway's own script runs in this page, and its frames show in it; nothing else of others. */
export function policyOf(baseUrl: string | null): string {
  const gateway = baseUrl === null ? '' : ` ${new URL(baseUrl).origin}`;
  return [
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `style-src ${hashOf(STYLE)}${gateway}`,
    `script-src 'self' ${hashOf(SCRIPT)}${gateway}`,
    ...(gateway === '' ? [] : [`frame-src${gateway}`]),
    `connect-src 'self'${gateway}`,
  ].join('; ');
}

/** What becomes of the card: it is kept by the key, or sent with the form. */
export type Purpose =
  | { readonly kind: 'keep'; readonly key: string }
  | { readonly kind: 'submit'; readonly to: string };

export interface Fields {
  readonly purpose: Purpose;
  /** What the button says. */
  readonly action: string;
  readonly isTest: boolean;
  readonly merchantId: string;
  readonly baseUrl: string;
}

export const fieldsPage = ({ purpose, action, isTest, merchantId, baseUrl }: Fields): Html =>
  page(
    'Your card',
    isTest,
    html`
      <form
        name="card"
        data-merchant="${merchantId}"
        ${purpose.kind === 'keep' ? html`data-key="${purpose.key}"` : html`method="post" action="${purpose.to}"`}
      >
        <input type="hidden" name="token" />
        ${hosted('cardNumber', 'Card number')} ${hosted('cardExpiryDate', 'Expiry date')}
        ${hosted('cardCVV', 'Security code')}
        ${own('name', 'Name on the card', 'billing_details[name]', 'cc-name')}
        ${own('line1', 'Address', 'billing_details[address][line1]', 'address-line1')}
        ${own('postcode', 'Postcode', 'billing_details[address][postal_code]', 'postal-code')}
        <button>${action}</button>
      </form>
      <output role="status"></output>
      <script src="/card-fields/jquery.js"></script>
      <script src="${baseUrl}/sdk/web/v1/js/hostedfields.min.js"></script>
      ${raw(`<script>${SCRIPT}</script>`)}
    `,
  );

/** Gives way to a frame of the gateway's. */
const hosted = (name: string, label: string): Html =>
  html`<p>
    <label for="${name}">${label}</label>
    <input id="${name}" type="hostedfield:${name}" />
  </p>`;

const own = (id: string, label: string, param: string, autocomplete: string): Html =>
  html`<p>
    <label for="${id}">${label}</label>
    <input id="${id}" name="${param}" autocomplete="${autocomplete}" maxlength="200" />
  </p>`;

export const noFieldsPage = (isKnown: boolean): Html =>
  page(
    'No card can be taken here',
    false,
    html`<p>
      ${
        isKnown
          ? 'This project has no account at Cardstream in this mode.'
          : 'The address needs a publishable key: ?key=pk_…'
      }
    </p>`,
  );

const page = (title: string, isTest: boolean, content: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>
          <header>
            <span>Card payment</span> ${isTest ? html`<strong>Test mode</strong>` : ''}
          </header>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`;
