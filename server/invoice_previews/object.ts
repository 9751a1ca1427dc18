import type Stripe from 'stripe';
import type { CreatePreview } from './params';

/** There is no such invoice yet: its id says so, and it has the customer that was named. */
export function upcoming(invoice: Stripe.Invoice, input: CreatePreview): Stripe.Invoice {
  const id = `upcoming_${invoice.id}`;
  const { customer, schedule, subscription } = input;
  const isOfNobody = [customer, schedule, subscription].every((id) => id === undefined);
  return {
    ...invoice,
    id,
    billing_reason: 'upcoming',
    customer: isOfNobody ? null : invoice.customer,
    lines: {
      ...invoice.lines,
      data: invoice.lines.data.map((line) => ({ ...line, invoice: id })),
      url: `/v1/invoices/${id}/lines`,
    },
  };
}
