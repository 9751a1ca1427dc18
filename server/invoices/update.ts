/**
 * Changing an invoice. A draft can be changed in everything but whose it is and its currency; later
 * only how it is collected, and what is noted on it.
 */
import { attachDiscounts } from '@/server/discounts';
import type { Tx } from '@/server/kernel/context';
import { invalidState } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command } from '@/server/kernel/operation';
import { currentProject, readSettings, type Settings } from '@/server/projects';
import { requireRates } from '@/server/tax_rates';
import { edit, openInvoice } from './edit';
import {
  advanceAfter,
  assertAccountTaxIds,
  assertMethods,
  paymentSettingsAfter,
  renderingAfter,
  termsAfter,
} from './fields';
import { change, type Changes } from './lifecycle';
import { assertNumberIsFree } from './number';
import { UNSUPPORTED, UpdateInvoice, type InvoiceFields } from './params';
import { dueAt, isRetried } from './retries';
import { toInvoice } from './show';
import type { InvoiceRow, Status } from './store';

export const update = command({
  route: 'POST /v1/invoices/:id',
  summary: 'Updates an invoice: a draft in nearly everything, later only how it is collected.',
  input: UpdateInvoice,
  unsupported: UNSUPPORTED,
  async run(given, { id, ...fields }) {
    const { tx, row } = await openInvoice(given, id);
    assertAllowed(row, fields);
    await assertMethods(tx, fields, row.customer);
    const { billing } = readSettings((await currentProject(tx)).settings);
    const changed =
      row.status === 'draft'
        ? await changeDraft(tx, row, fields, billing)
        : await change(tx, row, { ...said(row, fields), ...collection(tx, row, fields, billing) });
    return toInvoice(tx, changed);
  },
});

/** TABLE: what can still be changed once an invoice is no draft any more. */
const NOTES = ['description', 'footer', 'metadata'] as const;
const COLLECTION = [
  'auto_advance',
  'default_payment_method',
  'default_source',
  'payment_settings',
] as const;
const ALLOWED: Readonly<Record<Exclude<Status, 'draft'>, readonly (keyof InvoiceFields)[]>> = {
  open: [...NOTES, ...COLLECTION],
  uncollectible: [...NOTES, ...COLLECTION],
  paid: ['metadata'],
  void: ['metadata'],
};

function assertAllowed({ status }: InvoiceRow, fields: InvoiceFields): void {
  if (status === 'draft') return;
  const allowed = ALLOWED[status];
  for (const [param, value] of Object.entries(fields)) {
    if (value === undefined || allowed.some((one) => one === param)) continue;
    throw invalidState(
      "Finalized invoices can't be updated in this way.",
      'invoice_not_editable',
      param,
    );
  }
}

/** What is kept as it is said, of a draft and later. */
const said = (row: InvoiceRow, fields: InvoiceFields): Changes => ({
  default_payment_method: fields.default_payment_method,
  default_source: fields.default_source,
  description: fields.description,
  footer: fields.footer,
  metadata: mergeMetadata(row.metadata, fields.metadata),
  payment_settings: paymentSettingsAfter(row.payment_settings, fields.payment_settings),
});

/** Collecting by itself begins at once, and ends at once. */
function collection(
  tx: Tx,
  row: InvoiceRow,
  { auto_advance }: InvoiceFields,
  billing: Settings['billing'],
): Changes {
  if (auto_advance === undefined || auto_advance === row.auto_advance) return {};
  const now = unix(tx.now);
  const next_payment_attempt =
    row.status === 'open' && isRetried({ ...row, auto_advance }) ? now : null;
  const due_at = dueAt({ ...row, auto_advance, next_payment_attempt }, billing, now);
  return { auto_advance, next_payment_attempt, due_at };
}

async function changeDraft(
  tx: Tx,
  row: InvoiceRow,
  fields: InvoiceFields,
  billing: Settings['billing'],
): Promise<InvoiceRow> {
  await assertAccountTaxIds(tx, fields.account_tax_ids);
  if (typeof fields.number === 'string' && fields.number !== row.number) {
    await assertNumberIsFree(tx, fields.number);
  }
  const advance = advanceAfter(tx, row, fields, billing.draft_seconds);
  const changes: Changes = {
    ...said(row, fields),
    ...advance,
    ...termsAfter(row, fields, { created: row.created, now: unix(tx.now) }),
    ...(await reckoned(tx, row, fields)),
    account_tax_ids: fields.account_tax_ids,
    custom_fields: fields.custom_fields,
    due_at: advance.automatically_finalizes_at,
    effective_at: fields.effective_at,
    number: fields.number,
    rendering: renderingAfter(row.rendering, fields.rendering),
    shipping_details: fields.shipping_details,
    statement_descriptor: fields.statement_descriptor,
  };
  // Only what is discounted and taxed differently has to be computed again.
  const isReckoned = fields.discounts !== undefined || fields.default_tax_rates !== undefined;
  return isReckoned ? edit(tx, row, (lines) => lines, changes) : change(tx, row, changes);
}

/** What decides about the totals. */
async function reckoned(tx: Tx, row: InvoiceRow, fields: InvoiceFields): Promise<Changes> {
  const { discounts, default_tax_rates } = fields;
  if (default_tax_rates) await requireRates(tx, default_tax_rates, 'default_tax_rates');
  return {
    ...(default_tax_rates === undefined ? {} : { default_tax_rates: default_tax_rates ?? [] }),
    ...(discounts === undefined
      ? {}
      : {
          discounts: await attachDiscounts(
            tx,
            discounts ?? [],
            { customer: row.customer, invoice: row.id },
            {
              currency: row.currency,
              before: row.discounts,
              param: 'discounts',
              subtotal: row.subtotal,
            },
          ),
        }),
  };
}
