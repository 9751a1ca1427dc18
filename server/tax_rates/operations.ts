/**
 * Tax rates are percentages that are added to what is billed, or are in it already. What a rate asks
 * never changes, because invoices name it: one makes another and archives the first. How much tax
 * it comes to is in `amounts.ts`. https://docs.stripe.com/api/tax_rates
 */
import { resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { change } from './lifecycle';
import { toTaxRate } from './object';
import { CreateTaxRate, ListTaxRates, TaxRateId, UpdateTaxRate } from './params';
import * as store from './store';

export const create = command({
  route: 'POST /v1/tax_rates',
  summary: 'Creates a tax rate.',
  input: CreateTaxRate,
  async run(tx, given) {
    const row = store.insert(tx, {
      id: newId('tax_rate'),
      status: given.active === false ? 'inactive' : 'active',
      country: given.country ?? null,
      description: given.description ?? null,
      display_name: given.display_name,
      inclusive: given.inclusive,
      jurisdiction: given.jurisdiction ?? null,
      metadata: mergeMetadata({}, given.metadata),
      percentage: given.percentage,
      state: given.state ?? null,
      tax_type: given.tax_type ?? null,
      created: unix(tx.now),
    });
    await tx.announce('tax_rate.created', toTaxRate(row));
    return toTaxRate(row);
  },
});

export const retrieve = query({
  route: 'GET /v1/tax_rates/:id',
  summary: 'Retrieves a tax rate.',
  input: TaxRateId,
  run: async (scope, { id }) => toTaxRate(expectFound(await store.find(scope, id), id)),
});

export const update = command({
  route: 'POST /v1/tax_rates/:id',
  summary: 'Updates what a tax rate is called, and whether it can be used; not what it asks.',
  input: UpdateTaxRate,
  async run(tx, { id, metadata, ...given }) {
    const before = expectFound(await store.lock(tx, id), id);
    const merged = mergeMetadata(before.metadata, metadata);
    return toTaxRate(await change(tx, before, { ...given, metadata: merged }));
  },
});

export const list = query({
  route: 'GET /v1/tax_rates',
  summary: 'Lists tax rates, the newest first.',
  input: ListTaxRates,
  run: async (scope, params) => toPage(await store.page(scope, params), toTaxRate),
});

function expectFound(row: store.TaxRateRow | null, id: string): store.TaxRateRow {
  if (row === null) throw resourceMissing('tax_rate', id);
  return row;
}
