'use client';

import { useViewer } from '@/components/time/viewer';
import { formatUnitAmount } from './format';

/** As much of a price as it takes to say what it is. */
export interface PriceTerms {
  /** `per_unit`, `tiered`. */
  readonly billing_scheme: string;
  readonly currency: string;
  readonly recurring: {
    readonly interval: string;
    readonly interval_count: number;
    readonly usage_type?: string;
  } | null;
  readonly tiers_mode: string | null;
  readonly transform_quantity: { readonly divide_by: number } | null;
  readonly unit_amount_decimal: unknown;
}

/** `£10.00 / month`, `£0.0025 per unit every 3 months`, `Graduated tiers / year`. */
export function priceText(price: PriceTerms, locale: string): string {
  const { recurring } = price;
  if (recurring === null) return amountText(price, locale);
  const { interval, interval_count: count } = recurring;
  const period = count === 1 ? `/ ${interval}` : `every ${count} ${interval}s`;
  return `${amountText(price, locale)} ${period}`;
}

function amountText(price: PriceTerms, locale: string): string {
  if (price.billing_scheme === 'tiered') {
    return price.tiers_mode === 'volume' ? 'Volume tiers' : 'Graduated tiers';
  }
  if (price.unit_amount_decimal === null) return 'Customer chooses';
  const amount = formatUnitAmount(Number(price.unit_amount_decimal), price.currency, locale);
  const packed = price.transform_quantity;
  if (packed !== null) return `${amount} per ${packed.divide_by}`;
  return price.recurring?.usage_type === 'metered' ? `${amount} per unit` : amount;
}

/** A price in words, as the viewer writes amounts. */
export function PriceText({ price }: { price: PriceTerms }) {
  const { locale } = useViewer();
  return <span className="whitespace-nowrap tabular-nums">{priceText(price, locale)}</span>;
}
