/** A subscription that there is, as a plan. Pure. */
import type {
  PhaseDiscount,
  ScheduleSettings,
  StoredPhase,
} from '@/db/schema/subscription_schedules';
import type { Agreement } from '@/server/subscriptions';
import type { ScheduleRow } from './store';

export interface Plan {
  readonly phase: StoredPhase;
  readonly default_settings: ScheduleSettings;
  readonly end_behavior: ScheduleRow['end_behavior'];
}

/** One phase: the period that it is in, or the time that is left to it where it is to end. */
export function toPlan(agreement: Agreement): Plan {
  const { row, items } = agreement;
  const first = items.reduce((one, other) =>
    other.row.current_period_end < one.row.current_period_end ? other : one,
  );
  const ending = row.cancel_at_period_end ? first.row.current_period_end : row.cancel_at;
  return {
    end_behavior: ending === null ? 'release' : 'cancel',
    default_settings: {
      billing_cycle_anchor: 'automatic',
      collection_method: row.collection_method,
      default_payment_method: row.default_payment_method,
      description: row.description,
      invoice_settings: { ...row.invoice_settings, days_until_due: row.days_until_due },
    },
    phase: {
      ...presentOf(agreement),
      add_invoice_items: [],
      billing_cycle_anchor: null,
      collection_method: null,
      currency: row.currency,
      default_payment_method: null,
      description: null,
      end_date: ending ?? first.row.current_period_end,
      invoice_settings: null,
      metadata: {},
      proration_behavior: 'create_prorations',
      start_date: first.row.current_period_start,
      trial_end: row.status === 'trialing' ? row.trial_end : null,
    },
  };
}

type Present = Pick<StoredPhase, 'default_tax_rates' | 'discounts' | 'items'>;

/** What a subscription bills for as it is. */
export const presentOf = ({ row, items }: Agreement): Present => ({
  default_tax_rates: row.default_tax_rates,
  discounts: row.discounts.map(kept),
  items: items.map((one) => ({
    discounts: one.row.discounts.map(kept),
    metadata: {},
    price: one.price.id,
    quantity: one.row.quantity,
    tax_rates: one.row.tax_rates,
  })),
});

/** A discount that is there already. */
const kept = (discount: string): PhaseDiscount => ({
  coupon: null,
  discount,
  promotion_code: null,
});
