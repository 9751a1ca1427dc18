import type Stripe from 'stripe';
import type { TaxRateRow } from './store';

/** The stored percentage is in ten-thousandths: 7.25 % is 72500. */
const IN_A_PERCENT = 10_000;

/** One that a person made: what Stripe's tax calculation would add to it is null. */
export const toTaxRate = (row: TaxRateRow): Stripe.TaxRate => ({
  id: row.id,
  object: 'tax_rate',
  active: row.status === 'active',
  country: row.country,
  created: row.created,
  description: row.description,
  display_name: row.display_name,
  effective_percentage: row.percentage / IN_A_PERCENT,
  flat_amount: null,
  inclusive: row.inclusive,
  jurisdiction: row.jurisdiction,
  jurisdiction_level: null,
  livemode: row.livemode,
  metadata: row.metadata,
  percentage: row.percentage / IN_A_PERCENT,
  rate_type: 'percentage',
  state: row.state,
  tax_type: row.tax_type,
});
