import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

describe('tax rates through the official SDK', () => {
  it('are made, found, renamed and archived', async () => {
    const rate = await stripe.taxRates.create({
      display_name: 'VAT',
      inclusive: true,
      percentage: 19.6,
      country: 'FR',
      tax_type: 'vat',
    });
    expect(rate).toMatchObject({ active: true, inclusive: true, percentage: 19.6 });
    expect(await stripe.taxRates.retrieve(rate.id)).toMatchObject({ id: rate.id });
    const archived = await stripe.taxRates.update(rate.id, { active: false, display_name: 'TVA' });
    expect(archived).toMatchObject({ active: false, display_name: 'TVA' });
    const found = await stripe.taxRates.list({ active: false, inclusive: true });
    expect(found.data.map(({ id }) => id)).toContain(rate.id);
  });
});
