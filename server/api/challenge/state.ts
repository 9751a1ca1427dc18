/** How a payment stands that a cardholder was asked about, on the pages of a challenge. */
import { html, raw } from 'hono/html';
import { page, type Html, type Served, type Setting } from '@/server/api/payer/page';
import { formatMoney } from '@/server/kernel/currencies';
import type { PaymentChallenge } from '@/server/payment_intents';
import type { SetupChallenge } from '@/server/setup_intents';
import type { Put } from './put';

/** How the intent stands, once nothing is to be answered here any more. */
export const statePage = (setting: Setting, put: Put, returnUrl: string | null): Served => {
  const { title, text } = stateOf(put);
  const decline = put.intent.status === 'requires_payment_method' ? lastErrorOf(put) : null;
  const content = html`
    <p>${decline?.message ?? text}</p>
    ${facts(setting, put)} ${wayOn(put, returnUrl)}
  `;
  return {
    html: page(setting, title, content),
    policy: put.isFramed ? { script: TELL } : {},
  };
};

/** Tells the merchant's page around a frame to look at its intent; of the answer, nothing. */
const TELL = `
const { intent } = document.querySelector('[data-intent]').dataset;
window.parent.postMessage({ type: 'calmony:challenge_answered', id: intent }, '*');
`;

function wayOn({ isFramed, intent: { id } }: Put, returnUrl: string | null): Html {
  if (isFramed) {
    return html`
      <p data-intent="${id}">The shop goes on from here.</p>
      ${raw(`<script>${TELL}</script>`)}
    `;
  }
  return returnUrl === null
    ? html`<p>You may close this window.</p>`
    : html`<a href="${returnUrl}">Return to the shop</a>`;
}

export const unknownPage = (setting: Setting): Html =>
  page(
    setting,
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

export const facts = ({ shop }: Setting, put: Put): Html => html`
  <dl>
    ${
      shop === null
        ? ''
        : html`<div>
            <dt>Shop</dt>
            <dd>${shop.name}</dd>
          </div>`
    }
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
