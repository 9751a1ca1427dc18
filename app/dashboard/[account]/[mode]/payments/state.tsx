import type { Outputs } from '@/components/api/queries';
import { Badge, StatusBadge } from '@/components/ui/badge';
import { Tooltip } from '@/components/ui/tooltip';

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

/**
 * How much of what was taken went back. What was authorized and never taken counts as refunded on the
 * charge, as at Stripe.
 */
export const givenBack = ({ captured, amount, amount_captured, amount_refunded }: Charge): number =>
  captured ? amount_refunded - Math.max(amount - amount_captured, 0) : 0;

/** When money last went back, in unix seconds. */
export function refundedAt(payment: Intent): number | null {
  const refunds = chargeOf(payment)?.refunds?.data ?? [];
  return refunds.find(({ status }) => status === 'succeeded')?.created ?? null;
}

/** Why the last try was refused, for a person; null where none was. */
export function declineText({ last_payment_error: error }: Intent): string | null {
  if (error === null) return null;
  const code = error.decline_code ?? error.code ?? '';
  return [error.message, code === '' ? '' : `(${code})`].filter(Boolean).join(' ');
}

/** How a payment went. Refunds are of its charge, and a decline leaves the status as if untried. */
export function stateOf(payment: Intent): string {
  const charge = chargeOf(payment);
  if (charge?.refunded === true && charge.captured) return 'refunded';
  if (charge !== null && givenBack(charge) > 0) return 'partly_refunded';
  if (charge?.disputed === true) return 'disputed';
  const isDeclined = payment.last_payment_error !== null;
  return payment.status === 'requires_payment_method' && isDeclined ? 'failed' : payment.status;
}

export function PaymentBadge({ payment }: { payment: Intent }) {
  const state = stateOf(payment);
  if (state === 'partly_refunded') return <Badge look="accent">Partly refunded</Badge>;
  return <StatusBadge status={state} />;
}

/** With the reason of a decline, for whoever points at it or comes to it by keyboard. */
export function ExplainedBadge({ payment }: { payment: Intent }) {
  const reason = stateOf(payment) === 'failed' ? declineText(payment) : null;
  if (reason === null) return <PaymentBadge payment={payment} />;
  return (
    <Tooltip text={reason}>
      <button type="button" className="relative z-10 cursor-help rounded-md">
        <PaymentBadge payment={payment} />
      </button>
    </Tooltip>
  );
}
