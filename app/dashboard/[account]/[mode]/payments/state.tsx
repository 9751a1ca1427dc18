import type { Outputs } from '@/components/api/queries';
import { Badge, StatusBadge } from '@/components/ui/badge';

export type Intent = Outputs['paymentIntents']['retrieve'];
export type Charge = Outputs['charges']['retrieve'];

/** The charge of a payment that was asked for with it. */
export const chargeOf = ({ latest_charge }: Intent): Charge | null =>
  latest_charge === null || typeof latest_charge === 'string' ? null : latest_charge;

/** The customer's name, if they were asked for and still exist. */
export function customerName({ customer }: Intent): string | null {
  if (customer === null || typeof customer === 'string') return customer;
  if (customer.deleted === true) return customer.id;
  return customer.name ?? customer.email ?? customer.id;
}

/** How a payment went. Refunds are of its charge, and a decline leaves the status as if untried. */
export function stateOf(payment: Intent): string {
  const charge = chargeOf(payment);
  if (charge?.refunded === true && charge.captured) return 'refunded';
  if (charge !== null && charge.captured && charge.amount_refunded > 0) return 'partly_refunded';
  const isDeclined = payment.last_payment_error !== null;
  return payment.status === 'requires_payment_method' && isDeclined ? 'failed' : payment.status;
}

export function PaymentBadge({ payment }: { payment: Intent }) {
  const state = stateOf(payment);
  if (state === 'partly_refunded') return <Badge look="accent">Partly refunded</Badge>;
  return <StatusBadge status={state} />;
}
