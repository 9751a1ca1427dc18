import type Stripe from 'stripe';
import { extractText, getDocumentProxy, getMeta } from 'unpdf';
import type { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHostedInvoiceApp } from '@/server/api/hosted_invoice/app';
import { coupons } from '@/server/coupons';
import { credit_notes } from '@/server/credit_notes';
import { customers } from '@/server/customers';
import { invoice_items, invoices } from '@/server/invoices';
import { setBrandImage, updateProject } from '@/server/projects';
import { tax_ids } from '@/server/tax_ids';
import { tax_rates } from '@/server/tax_rates';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { contentOf } from './content';
import { factsOf } from './facts';

const { operations: of } = invoices;

let world: TestWorld;
let tenant: TestTenant;
let customer: string;
let app: ReturnType<typeof createHostedInvoiceApp>;

beforeAll(async () => {
  world = await createWorld();
  app = createHostedInvoiceApp(world.runtime);
});
afterAll(() => world.close());

beforeEach(async () => {
  tenant = await world.project();
  customer = await makeCustomer();
});

/** A member, who sets what is set in the dashboard. */
const ACTOR = { user: 'usr_owner', email: 'owner@example.com' };

const picture = (text: string): Buffer => Buffer.from(text, 'base64');

/** One point of purple, solid and half transparent. */
const PICTURES = [
  picture(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGOosXoLAALZAaQGKdQKAAAAAElFTkSuQmCC',
  ),
  picture(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGOosXrbAAAE/QIkT2xrLAAAAABJRU5ErkJggg==',
  ),
];

/** Points that are not packed as they have to be: not at all, too few, and in no known way. */
const DAMAGED = [
  picture(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAACklEQVRubyBwaWN0dXJlHvRXZQAAAABJRU5ErkJggg==',
  ),
  picture(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAACklEQVR4nGOoAQAAfgB9eFkKGwAAAABJRU5ErkJggg==',
  ),
  picture(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nOOssXrbAAAFKgIteMACvQAAAABJRU5ErkJggg==',
  ),
];

const pay = async (invoice: Stripe.Invoice, card: string): Promise<void> => {
  const { id } = await ask(tenant, customers.operations.attachPaymentMethod, {
    id: card,
    customer: String(invoice.customer),
  });
  await ask(tenant, of.pay, { id: invoice.id, payment_method: id });
};

type Terms = Partial<z.input<typeof of.create.input>>;
type Asked = Omit<z.input<typeof invoice_items.operations.create.input>, 'customer' | 'invoice'>;

const makeCustomer = async (
  terms: z.input<typeof customers.operations.create.input> = {},
): Promise<string> => {
  const made = await ask(tenant, customers.operations.create, {
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    invoice_prefix: 'ADA',
    ...terms,
  });
  return made.id;
};

/** An open invoice with these on it; of a seat for £25 unless others are named. */
async function issue(
  items: readonly Asked[] = [{ amount: 2_500, description: 'A seat' }],
  terms: Terms = {},
): Promise<Stripe.Invoice> {
  const { id } = await draft(items, terms);
  return ask(tenant, of.finalize, { id, auto_advance: false });
}

async function draft(items: readonly Asked[], terms: Terms = {}): Promise<Stripe.Invoice> {
  const made = await ask(tenant, of.create, { customer, auto_advance: false, ...terms });
  for (const item of items) {
    const currency = terms.currency ?? 'gbp';
    await ask(tenant, invoice_items.operations.create, {
      customer,
      invoice: made.id,
      currency,
      ...item,
    });
  }
  return made;
}

const pathOf = (invoice: Stripe.Invoice): string => new URL(invoice.invoice_pdf ?? '').pathname;

const fetched = async (path: string): Promise<Response> => app.request(path);

/** The text of its pages, with single spaces. */
async function read({ id }: Stripe.Invoice) {
  const invoice = await ask(tenant, of.retrieve, { id });
  const response = await fetched(pathOf(invoice));
  expect(response.status).toBe(200);
  const document = await getDocumentProxy(new Uint8Array(await response.arrayBuffer()));
  const { text } = await extractText(document, { mergePages: false });
  const pages = text.map((page) => page.replaceAll(/\s+/g, ' '));
  return { document, pages, text: pages.join('\n') };
}

const sumsOf = async ({ invoice_pdf, id }: Stripe.Invoice) => {
  const signature = new URL(invoice_pdf ?? '').pathname.split('/').at(-2) ?? '';
  const facts = await factsOf(tenant.scope, id, signature);
  if (facts === null) throw new Error('There is no such invoice.');
  return contentOf(facts).sums;
};

/** What the first sum and the steps behind it come to. */
function reckoned(sums: Awaited<ReturnType<typeof sumsOf>>): number {
  const steps = sums.filter(({ kind }) => kind === 'step');
  return steps.reduce((sum, { amount }) => sum + amount, sums[0]?.amount ?? Number.NaN);
}

const dueIn = (sums: Awaited<ReturnType<typeof sumsOf>>) =>
  sums.find(({ kind }) => kind === 'due')?.amount;

describe('invoice_pdf', () => {
  it('is a document, and has a name', async () => {
    const invoice = await issue();
    const response = await fetched(pathOf(invoice));
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="Invoice-${invoice.number}.pdf"`,
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
    });
    const kept = await fetched(`${pathOf(invoice)}?download`);
    expect(kept.headers.get('content-disposition')).toBe(
      `attachment; filename="Invoice-${invoice.number}.pdf"`,
    );
    const { document } = await read(invoice);
    const { info } = await getMeta(document);
    expect(info).toMatchObject({
      Title: `Invoice ${invoice.number}`,
      Author: 'Test',
      Language: 'en',
    });
    expect(await document.getMarkInfo()).toMatchObject({ Marked: true });
  });

  it('says who asks whom for what, and until when', async () => {
    await tenant.ctx.transaction((tx) =>
      updateProject(tx, ACTOR, {
        support_address: {
          line1: '12 Market Street',
          line2: null,
          city: 'Bristol',
          state: null,
          postal_code: 'BS1 4DJ',
          country: 'GB',
        },
        support_email: 'billing@shop.example',
      }),
    );
    const own = await ask(tenant, tax_ids.operations.create, {
      type: 'gb_vat',
      value: 'GB123456789',
    });
    customer = await makeCustomer({
      address: { line1: '5 Ockham Park', city: 'Surrey', postal_code: 'KT11 1AA', country: 'GB' },
      tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }],
      invoice_prefix: 'ADB',
    });
    const invoice = await issue(
      [
        {
          description: 'A seat',
          quantity: 3,
          unit_amount_decimal: '1000.5',
          period: { start: 1_772_323_200, end: 1_774_915_200 },
        },
        { description: 'Support', amount: 500 },
      ],
      {
        collection_method: 'send_invoice',
        days_until_due: 30,
        account_tax_ids: [own.id],
        custom_fields: [{ name: 'Purchase order', value: 'PO-118' }],
        description: 'Thank you for your trust.',
        footer: 'Registered in England.',
      },
    );
    const { pages, text } = await read(invoice);
    expect(pages).toHaveLength(1);
    for (const said of [
      `Invoice number ${invoice.number}`,
      'Date of issue 1 March 2026',
      'Date due 31 March 2026',
      'Purchase order PO-118',
      'Test 12 Market Street Bristol, BS1 4DJ United Kingdom billing@shop.example GB VAT GB123456789',
      'Bill to Ada Lovelace 5 Ockham Park Surrey, KT11 1AA United Kingdom ada@example.com EU VAT DE123456789',
      '£35.02 due 31 March 2026',
      'Pay online',
      'Thank you for your trust.',
      'Description Qty Unit price Amount',
      'A seat 1 Mar 2026 – 31 Mar 2026 3 £10.005 £30.02',
      'Support 1 £5.00 £5.00',
      'Total £35.02 Amount due £35.02',
      'Registered in England.',
      'Page 1 of 1',
      'Test mode',
    ]) {
      expect(text).toContain(said);
    }
    expect(text).not.toContain('Paid');
  });

  it('adds up, with discounts, taxes, a balance and a credit note', async () => {
    const vat = await ask(tenant, tax_rates.operations.create, {
      display_name: 'VAT',
      percentage: 20,
      inclusive: false,
    });
    const levy = await ask(tenant, tax_rates.operations.create, {
      display_name: 'Levy',
      percentage: 3.5,
      inclusive: true,
    });
    const off = await ask(tenant, coupons.operations.create, { percent_off: 12.5, name: 'Spring' });
    const less = await ask(tenant, coupons.operations.create, { amount_off: 199, currency: 'gbp' });
    await ask(tenant, customers.operations.update, { id: customer, balance: -321 });
    const invoice = await issue(
      [
        { amount: 4_999, description: 'A', tax_rates: [vat.id], discounts: [{ coupon: less.id }] },
        { amount: 3_333, description: 'B', tax_rates: [levy.id, vat.id] },
        { amount: -700, description: 'C' },
      ],
      { discounts: [{ coupon: off.id }] },
    );
    const before = await sumsOf(invoice);
    expect(reckoned(before)).toBe(invoice.amount_remaining);
    expect(dueIn(before)).toBe(invoice.amount_remaining);
    const terms = before.map(({ term }) => term);
    expect(terms).toEqual([
      'Subtotal',
      'Discount (£1.99 off)',
      'Spring (12.5% off)',
      expect.stringMatching(/^VAT \(20% on £\d+\.\d\d\)$/),
      'Total',
      expect.stringMatching(/^of which Levy \(3\.5% on £\d+\.\d\d\)$/),
      'Applied balance',
      'Amount due',
    ]);
    const note = await ask(tenant, credit_notes.operations.create, {
      invoice: invoice.id,
      lines: [{ type: 'custom_line_item', description: 'Late', quantity: 1, unit_amount: 250 }],
    });
    const after = await sumsOf(await ask(tenant, of.retrieve, { id: invoice.id }));
    expect(after.map(({ term }) => term)).toContain(`Credit note ${note.number} (1 March 2026)`);
    expect(reckoned(after)).toBe(invoice.amount_remaining - 250);
    expect(dueIn(after)).toBe(invoice.amount_remaining - 250);
    const { text } = await read(invoice);
    for (const sum of after) expect(text).toContain(`${sum.term} ${sum.text}`);
    expect(text).toContain('3.5% + 20%');
  });

  it('shows amounts without their taxes where the invoice says so, on the paper that it says', async () => {
    const vat = await ask(tenant, tax_rates.operations.create, {
      display_name: 'VAT',
      percentage: 20,
      inclusive: true,
    });
    const invoice = await issue([{ amount: 1_200, description: 'A', tax_rates: [vat.id] }], {
      rendering: { amount_tax_display: 'exclude_tax', pdf: { page_size: 'letter' } },
    });
    const sums = await sumsOf(invoice);
    expect(sums.map(({ term, amount }) => [term, amount])).toEqual([
      ['Subtotal', 1_000],
      ['VAT (20% on £10.00)', 200],
      ['Total', 1_200],
      ['Amount due', 1_200],
    ]);
    const { document, text } = await read(invoice);
    expect(text).toContain('A 1 £10.00 20% £10.00');
    expect((await document.getPage(1)).view).toEqual([0, 0, 612, 792]);
  });

  it('is a receipt once the invoice is paid', async () => {
    const invoice = await issue();
    await pay(invoice, 'pm_card_mastercard');
    const { text } = await read(invoice);
    expect(text).toContain('Paid');
    expect(text).toContain('Date paid 1 March 2026 Paid with Mastercard •••• 4444');
    expect(text).toContain('£25.00 paid on 1 March 2026');
    expect(text).toContain('Paid 1 March 2026, Mastercard •••• 4444 -£25.00 Amount due £0.00');
    expect(text).not.toContain('Pay online');
    const elsewhere = await issue();
    await ask(tenant, of.pay, { id: elsewhere.id, paid_out_of_band: true });
    const paid = await ask(tenant, of.retrieve, { id: elsewhere.id });
    expect(reckoned(await sumsOf(paid))).toBe(0);
    expect((await read(paid)).text).toContain('Paid -£25.00 Amount due £0.00');
  });

  it('tells of what was given back after it was paid', async () => {
    const invoice = await issue();
    await pay(invoice, 'pm_card_visa');
    const note = await ask(tenant, credit_notes.operations.create, {
      invoice: invoice.id,
      amount: 700,
      credit_amount: 700,
    });
    expect((await read(invoice)).text).toContain(
      `Credit note ${note.number} of 1 March 2026: £7.00 given back after payment.`,
    );
    const paid = await ask(tenant, of.retrieve, { id: invoice.id });
    expect(reckoned(await sumsOf(paid))).toBe(0);
  });

  it('is marked where nothing is asked for any more, or hoped for', async () => {
    const [gone, lost] = [await issue(), await issue()];
    await ask(tenant, of.void, { id: gone.id });
    const { text } = await read(gone);
    expect(text).toContain('Void since 1 March 2026');
    expect(text).toContain('£25.00 void since 1 March 2026');
    expect(text).toContain('VOID');
    expect(text).not.toContain('Pay online');
    await ask(tenant, of.markUncollectible, { id: lost.id });
    expect((await read(lost)).text).toContain('Uncollectible since 1 March 2026');
  });

  it('goes on over as many pages as it needs, under the same head', async () => {
    const invoice = await draft([]);
    for (let from = 0; from < 60; from += 20) {
      await ask(tenant, of.addLines, {
        id: invoice.id,
        lines: Array.from({ length: 20 }, (_, index) => ({
          amount: 100 + from + index,
          description: `Delivery number ${from + index + 1}.`,
        })),
      });
    }
    const { pages, text } = await read(await ask(tenant, of.finalize, { id: invoice.id }));
    expect(pages.length).toBeGreaterThan(2);
    for (const [index, page] of pages.entries()) {
      expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
      if (page.includes('Delivery')) expect(page).toContain('Description Qty Unit price Amount');
    }
    for (let number = 1; number <= 60; number += 1) {
      expect(text.split(`Delivery number ${number}.`)).toHaveLength(2);
    }
  });

  it('is written in the script of whoever reads it', async () => {
    const words = [
      'Ωμέγα',
      'Кофе и чай',
      'Cà phê Việt Nam',
      '咖啡豆五公斤',
      'コーヒー',
      '커피 한 잔',
      'מנוי חודשי',
      'سلام',
      'กาแฟ',
      'Žluťoučký kůň',
    ];
    const { text } = await read(
      await issue(words.map((description) => ({ amount: 100, description }))),
    );
    // How far apart words are is the reader's guess.
    const solid = text.normalize('NFKC').replaceAll(' ', '');
    for (const word of words) expect(solid).toContain(word.replaceAll(' ', ''));
  });

  it('shows letters that came with their accents apart', async () => {
    customer = await makeCustomer({ name: 'Jose\u0301 Nu\u0301n\u0303ez', invoice_prefix: 'NFD' });
    const { text } = await read(await issue([{ amount: 100, description: 'Cafe\u0301' }]));
    expect(text).toContain('José Núñez');
    expect(text).toContain('Café');
    expect(text).not.toContain('\u{fffd}');
  });

  it('leaves a mark where no font has a character', async () => {
    const { text } = await read(await issue([{ amount: 100, description: 'Tea 🫖 pot' }]));
    expect(text).toContain('Tea \u{fffd} pot');
  });

  it.each([
    ['jpy', 2_500, '¥2,500'],
    ['kwd', 12_340, 'KWD 12.340'],
    ['eur', 123_456_78, '€123,456.78'],
  ])('counts in %s', async (currency, amount, text) => {
    const invoice = await issue([{ amount, description: 'A seat' }], { currency });
    expect((await read(invoice)).text).toContain(`Amount due ${text}`);
  });

  it('shows the logo, and does without one that it cannot draw', async () => {
    const show = (content: Buffer) =>
      tenant.ctx.transaction((tx) => setBrandImage(tx, ACTOR, { kind: 'logo', content }));
    const picturesOf = async (invoice: Stripe.Invoice) => {
      const bytes = Buffer.from(await (await fetched(pathOf(invoice))).arrayBuffer());
      expect(bytes.toString('latin1', 0, 5)).toBe('%PDF-');
      return bytes.toString('latin1').split('/Subtype /Image').length - 1;
    };
    const invoice = await issue();
    for (const good of PICTURES) {
      await show(good);
      expect(await picturesOf(invoice)).toBeGreaterThan(0);
    }
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect/></svg>';
    for (const bad of [...DAMAGED, Buffer.from(drawing)]) {
      await show(bad);
      expect(await picturesOf(invoice)).toBe(0);
    }
  });
});

describe('the address of an invoice on paper', () => {
  it('is not there while the invoice is a draft', async () => {
    const invoice = await issue();
    const { id, invoice_pdf } = await draft([{ amount: 100, description: 'A seat' }]);
    expect(invoice_pdf).toBeNull();
    expect((await fetched(pathOf(invoice).replace(invoice.id, id))).status).toBe(404);
  });

  it('is no address with another signature, for another invoice, mode or tenant', async () => {
    const invoice = await issue();
    const path = pathOf(invoice);
    const forged = path.replace(/.(?=\/pdf$)/, (last) => (last === 'A' ? 'Q' : 'A'));
    const other = await issue();
    const owner = tenant;
    tenant = await world.project();
    for (const wrong of [
      forged,
      path.replace(invoice.id, other.id),
      path.replace('/test/', '/live/'),
      path.replace(`/${owner.projectId}/`, `/${tenant.projectId}/`),
    ]) {
      expect(wrong).not.toBe(path);
      const response = await fetched(wrong);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toContain('text/html');
    }
    expect((await fetched(path)).status).toBe(200);
  });
});

describe('documents that many ask for at once', () => {
  it('are refused beyond so many, and not drawn for those who are gone', async () => {
    const path = pathOf(await issue());
    const leaving = new AbortController();
    const all = Array.from({ length: 80 }, async () =>
      app.request(new Request(`http://127.0.0.1:3000${path}`, { signal: leaving.signal })),
    );
    const refused = await Promise.any(
      all.map(async (asked) => {
        const response = await asked;
        return response.status === 200 ? Promise.reject(new Error('It was drawn.')) : response;
      }),
    );
    leaving.abort();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.text()).toContain('Try again in a moment.');
    expect((await fetched(path)).status).toBe(200);
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThan(40);
  });
});
