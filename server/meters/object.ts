import type Stripe from 'stripe';
import type { MeterEventRow, MeterRow } from './store';

export const toMeter = (row: MeterRow): Stripe.Billing.Meter => ({
  id: row.id,
  object: 'billing.meter',
  created: row.created,
  customer_mapping: { event_payload_key: row.customer_key, type: 'by_id' },
  default_aggregation: { formula: row.aggregation },
  display_name: row.display_name,
  event_name: row.event_name,
  event_time_window: row.event_time_window,
  livemode: row.livemode,
  status: row.status,
  status_transitions: { deactivated_at: row.deactivated_at },
  updated: row.updated,
  value_settings: { event_payload_key: row.value_key },
});

export const toMeterEvent = (row: MeterEventRow): Stripe.Billing.MeterEvent => ({
  object: 'billing.meter_event',
  created: row.created,
  event_name: row.event_name,
  identifier: row.identifier,
  livemode: row.livemode,
  payload: row.payload,
  timestamp: row.timestamp,
});

/** Of an event that was taken back. Stripe does it later and says `pending`; here it is done. */
export const toAdjustment = ({
  event_name,
  identifier,
  livemode,
}: MeterEventRow): Stripe.Billing.MeterEventAdjustment => ({
  object: 'billing.meter_event_adjustment',
  cancel: { identifier },
  event_name,
  livemode,
  status: 'complete',
  type: 'cancel',
});
