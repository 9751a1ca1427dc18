/**
 * Hosted Payment Fields: frames of the gateway's in the merchant's page, and the tokens that they make.
 * A card number goes from the frame to this server, and nowhere else.
 */
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { isLuhnValid } from '../../simulator/cards';
import type { Bank } from './bank';
import { cardByNumber, maskOf } from './cards';
import { checkCvv } from './checks';
import { hasExpired } from './order';

const source = (name: string): string =>
  readFileSync(new URL(`hosted_fields/${name}`, import.meta.url), 'utf8');

const FORM = source('form.js');
const FIELD = source('field.js');

const STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; margin: 0; }
body { display: flex; flex-wrap: wrap; gap: .25rem; font: 1rem/1.5 ui-sans-serif, system-ui, sans-serif; }
input { flex: 1 1 4rem; min-width: 0; width: 100%; padding: .5rem .625rem; border: 1px solid GrayText;
  border-radius: .375rem; background: Field; color: FieldText; font: inherit; }
input[name="cardNumber"] { flex-grow: 3; }
input[aria-invalid="true"] { border-color: #c0202f; }
p { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Framed by whoever is a merchant; it talks to this server only. */
const CONTENT_SECURITY_POLICY = `default-src 'none'; base-uri 'none'; form-action 'none'; style-src ${hashOf(STYLE)}; script-src 'self'; connect-src 'self'`;

/** TABLE: what can be typed, and what browsers are to make of it. */
const INPUTS = {
  cardNumber: { label: 'Card number', autocomplete: 'cc-number', placeholder: '', length: 23 },
  cardExpiryDate: {
    label: 'Expiry date',
    autocomplete: 'cc-exp',
    placeholder: 'MM/YY',
    length: 7,
  },
  cardCVV: { label: 'Security code', autocomplete: 'cc-csc', placeholder: 'CVV', length: 4 },
} as const;

type Input = keyof typeof INPUTS;

const NAMES = Object.keys(INPUTS) as Input[];

const namesOf = (type: string): readonly Input[] =>
  type === 'cardDetails' ? NAMES : NAMES.filter((name) => name === type);

export function createHostedFields(bank: Bank): Hono {
  const app = new Hono();
  app.get('/sdk/web/v1/js/hostedfields.min.js', (http) => {
    http.header('content-type', 'text/javascript; charset=utf-8');
    return http.body(FORM);
  });
  app.get('/hosted/field.js', (http) => {
    http.header('content-type', 'text/javascript; charset=utf-8');
    return http.body(FIELD);
  });
  app.get('/hosted/field', (http) => {
    const { type = '', placeholder = '', label = '', lang = '' } = http.req.query();
    const names = namesOf(type);
    if (names.length === 0) return http.text('There is no such field.', 404);
    http.header('content-security-policy', CONTENT_SECURITY_POLICY);
    http.header('cache-control', 'no-store');
    return http.html(page(names, { placeholder, label, lang }));
  });
  app.post('/hosted/tokens', async (http) => {
    const origin = http.req.header('origin');
    // Only the frames above: a page that could send a card here would have seen it.
    if (origin !== undefined && origin !== new URL(bank.origin()).origin) {
      return http.text('Not from there.', 403);
    }
    return http.json(tokenise(bank, await http.req.json<Typed>()));
  });
  return app;
}

type Typed = Readonly<Partial<Record<Input | 'merchantID', string>>>;

/** What the library gives to the merchant's page. */
export interface PaymentDetails {
  readonly success: boolean;
  readonly message: string;
  /** What is wrong with the request, by the name of the field. */
  readonly errors: Readonly<Record<string, string>>;
  /** What is wrong with what was typed, by the name of the field. */
  readonly invalid: Readonly<Record<string, string>>;
  readonly paymentToken?: string;
}

function tokenise(bank: Bank, typed: Typed): PaymentDetails {
  const { merchantID = '', cardNumber = '', cardExpiryDate = '', cardCVV = '' } = typed;
  const number = cardNumber.replace(/[\s-]/g, '');
  const [, month = '', year = ''] = /^\s*(\d\d)\s*\/?\s*(\d\d)\s*$/.exec(cardExpiryDate) ?? [];
  const isMonth = /^(?:0[1-9]|1[0-2])$/.test(month);
  const wrong: [Input, string][] = [
    ...(isLuhnValid(number) ? [] : ([['cardNumber', 'Enter a card number.']] as const)),
    ...(isMonth && !hasExpired(Number(month), Number(year), bank.now())
      ? []
      : ([['cardExpiryDate', 'Enter a date to come, as MM/YY.']] as const)),
    ...(/^\d{3,4}$/.test(cardCVV.trim())
      ? []
      : ([['cardCVV', 'Enter the security code.']] as const)),
  ].map(([name, text]) => [name, text]);
  if (wrong.length > 0) {
    return {
      success: false,
      message: 'Some fields are not valid.',
      errors: {},
      invalid: Object.fromEntries(wrong),
    };
  }
  if (bank.accountOf(merchantID) === null) {
    const errors = { merchantID: 'There is no such merchant.' };
    return { success: false, message: 'The request is not valid.', errors, invalid: {} };
  }
  const card = { mask: maskOf(number), month: Number(month), year: Number(year) };
  const cv2 = checkCvv(cardByNumber(number), cardCVV.trim());
  const paymentToken = bank.tokens.issue({ merchantID, card, cv2 }, bank.now());
  return { success: true, message: '', errors: {}, invalid: {}, paymentToken };
}

interface Said {
  readonly placeholder: string;
  readonly label: string;
  readonly lang: string;
}

const page = (names: readonly Input[], { placeholder, label, lang }: Said) =>
  html`<!doctype html>
    <html lang="${lang === '' ? 'en' : lang}">
      <head>
        <meta charset="utf-8" />
        <title>${label}</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        ${names.map((name) => {
          const { length, autocomplete, ...usual } = INPUTS[name];
          const isAlone = names.length === 1;
          const own = isAlone && placeholder !== '' ? placeholder : usual.placeholder;
          return html`<input
            name="${name}"
            aria-label="${isAlone && label !== '' ? label : usual.label}"
            placeholder="${own}"
            inputmode="numeric"
            autocomplete="${autocomplete}"
            maxlength="${length}"
          />`;
        })}
        <p role="alert"></p>
        <script src="/hosted/field.js"></script>
      </body>
    </html>`;
