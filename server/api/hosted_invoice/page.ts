/** What the payer of an invoice sees: what it asks for, how it stands, and how to pay it. */
import { html, raw } from 'hono/html';
import type Stripe from 'stripe';
import { page, type Html, type Served, type Setting } from '@/server/api/payer/page';
import type { HostedInvoice } from '@/server/invoices';
import { balanceOf, brandOf, dateOf, isOpen, money } from './words';

/** How a card that is not on file can be typed in here. */
export type CardEntry =
  /** Into plain fields: the simulator takes nothing but test cards. */
  | { readonly kind: 'typed' }
  /** Into the gateway's own fields, on a page of their own. */
  | { readonly kind: 'hosted' }
  /** Not at all: no processor is connected. */
  | { readonly kind: 'none' };

export interface Shown extends HostedInvoice {
  /** Of this page. */
  readonly path: string;
  readonly entry: CardEntry;
  /** Why the last try did not work. */
  readonly problem: string | null;
}

/** Looks again every few seconds while a payment is under way. Without scripts there is a link. */
const WAIT_SCRIPT = `
setTimeout(() => location.reload(), 3000);
`;

export function invoicePage(setting: Setting, shown: Shown): Served {
  const { invoice, intent } = shown;
  const isUnderWay = isOpen(invoice) && intent?.status === 'processing';
  return {
    policy: isUnderWay ? { script: WAIT_SCRIPT } : {},
    html: page(
      setting,
      `Invoice ${invoice.number ?? ''}`.trim(),
      html`
        <p class="amount">
          ${money(invoice, isOpen(invoice) ? invoice.amount_remaining : invoice.total)}
        </p>
        <p>${standing(invoice)}</p>
        ${isUnderWay ? underWay(shown) : isOpen(invoice) ? payment(shown) : ''}
        ${people(setting, invoice)} ${lines(shown)} ${sums(shown)}
        <nav><a class="quiet" href="${shown.path}/pdf?download">Download PDF</a></nav>
        ${[invoice.description, invoice.footer].map((text) => (text === null ? '' : html`<p>${text}</p>`))}
      `,
    ),
  };
}

export const unknownInvoicePage = (setting: Setting): Html =>
  page(
    setting,
    'No such invoice',
    html`<p>There is no invoice at this address. It may be incomplete.</p>`,
  );

function standing(invoice: Stripe.Invoice): string {
  const { paid_at, voided_at } = invoice.status_transitions;
  if (isOpen(invoice)) {
    return invoice.due_date === null ? 'Due now' : `Due on ${dateOf(invoice.due_date)}`;
  }
  if (invoice.status === 'void') {
    return `Void${voided_at === null ? '' : ` since ${dateOf(voided_at)}`}. Nothing is to be paid.`;
  }
  return paid_at === null ? 'Nothing is to be paid.' : `Paid on ${dateOf(paid_at)}. Thank you.`;
}

const underWay = ({ path }: Shown): Html => html`
  <p role="status">Your payment is under way. This page tells as soon as your bank has answered.</p>
  <noscript><a href="${path}">Look again</a></noscript>
  ${raw(`<script>${WAIT_SCRIPT}</script>`)}
`;

function payment({ intent, invoice, method, path, entry, problem }: Shown): Html {
  const isAsked = intent?.status === 'requires_action' && method !== null;
  const amount = money(invoice, invoice.amount_remaining);
  return html`
    ${problem === null ? '' : html`<p role="alert">${problem}</p>`}
    ${
      isAsked && problem === null
        ? html`<p role="alert">Your bank wants to know that it is you who pays.</p>`
        : ''
    }
    ${
      method === null
        ? ''
        : html`<form method="post" action="${path}/pay">
            <input type="hidden" name="payment_method" value="${method.id}" />
            <button>
              ${isAsked ? 'Authenticate and pay' : 'Pay'}
              ${money(invoice, invoice.amount_remaining)} with ${brandOf(method.card.brand)} ••••
              ${method.card.last4}
            </button>
          </form>`
    }
    ${cardEntry(path, entry, amount, method !== null)}
  `;
}

function cardEntry(path: string, { kind }: CardEntry, amount: string, isBeside: boolean) {
  switch (kind) {
    case 'none':
      return isBeside ? '' : html`<p role="alert">Cards cannot be taken here yet.</p>`;
    case 'hosted':
      return html`<form method="get" action="${path}/card">
        ${
          isBeside
            ? html`<button class="quiet">Pay with another card</button>`
            : html`<button>Pay ${amount} with a card</button>`
        }
      </form>`;
    case 'typed': {
      const form = html`<form method="post" action="${path}/pay" autocomplete="off">
        ${field('number', 'Test card number', '4242 4242 4242 4242', 24)}
        ${field('expiry', 'Expiry date (MM/YY)', '12/34', 9)}
        ${field('cvc', 'Security code', '123', 4)}
        <button>Pay ${amount}</button>
      </form>`;
      return isBeside
        ? html`<details>
            <summary>Pay with another card</summary>
            ${form}
          </details>`
        : form;
    }
  }
}

const field = (name: string, label: string, example: string, length: number): Html => html`
  <label
    >${label}
    <input
      name="${name}"
      inputmode="numeric"
      maxlength="${length}"
      placeholder="${example}"
      required
    />
  </label>
`;

const people = ({ shop }: Setting, invoice: Stripe.Invoice): Html => html`
  <dl>
    ${row('From', shop?.name ?? null)} ${row('To', invoice.customer_name ?? invoice.customer_email)}
    ${row('Number', invoice.number)}
    ${row('Issued', dateOf(invoice.effective_at ?? invoice.created))}
    ${(invoice.custom_fields ?? []).map(({ name, value }) => row(name, value))}
  </dl>
`;

const row = (term: string, text: string | null): Html | string =>
  text === null
    ? ''
    : html`<div>
        <dt>${term}</dt>
        <dd>${text}</dd>
      </div>`;

const lines = ({ invoice, lines: all }: Shown): Html => html`
  <table>
    <thead>
      <tr>
        <th scope="col">Description</th>
        <th scope="col">Amount</th>
      </tr>
    </thead>
    <tbody>
      ${all.map(
        (line) =>
          html`<tr>
            <td>${line.description ?? 'Item'} <small>${detail(line)}</small></td>
            <td>${money(invoice, line.amount)}</td>
          </tr>`,
      )}
    </tbody>
  </table>
`;

function detail({ period, quantity }: Stripe.InvoiceLineItem): string {
  const span =
    period.start === period.end ? '' : `${dateOf(period.start)} to ${dateOf(period.end)}`;
  const times = quantity === null || quantity === 1 ? '' : `Quantity ${quantity}`;
  return [times, span].filter((part) => part !== '').join(' · ');
}

function sums({ invoice, lines: all }: Shown): Html {
  const sum = (amounts: readonly { amount: number }[] | null): number =>
    (amounts ?? []).reduce((total, { amount }) => total + amount, 0);
  const discount = sum(invoice.total_discount_amounts);
  const added = sum((invoice.total_taxes ?? []).filter((tax) => tax.tax_behavior === 'exclusive'));
  const included = sum(
    (invoice.total_taxes ?? []).filter((tax) => tax.tax_behavior === 'inclusive'),
  );
  const credited = invoice.pre_payment_credit_notes_amount;
  const some = (term: string, amount: number) =>
    amount === 0 ? '' : row(term, money(invoice, amount));
  return html`
    <dl>
      ${row('Subtotal', money(invoice, sum(all)))} ${some('Discount', -discount)}
      ${some('Tax', added)} ${row('Total', money(invoice, invoice.total))}
      ${some('of which tax', included)} ${some('From your balance', balanceOf(invoice))}
      ${some('Credited', -credited)} ${some('Paid', -invoice.amount_paid)}
      ${row('To be paid', money(invoice, isOpen(invoice) ? invoice.amount_remaining : 0))}
    </dl>
  `;
}
