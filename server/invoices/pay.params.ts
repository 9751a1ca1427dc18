import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { id } from '@/server/kernel/params';

export const PayInvoice = z.strictObject({
  ...id,
  /** A card pays all that is asked or nothing, so there is never a difference to forgive. */
  forgive: z.boolean().optional(),
  off_session: z.boolean().optional(),
  paid_out_of_band: z.boolean().optional(),
  payment_method: z.string().optional(),
});

export const UNSUPPORTED_IN_PAY = ['mandate', 'source'] as const;

export const AttachPayment = z.strictObject({ ...id, payment_intent: z.string() });

export const UNSUPPORTED_IN_ATTACH = ['payment_record'] as const;

export type Checked = [
  Complete<Uncovered<Stripe.InvoicePayParams, typeof PayInvoice, typeof UNSUPPORTED_IN_PAY>>,
  Complete<
    Uncovered<Stripe.InvoiceAttachPaymentParams, typeof AttachPayment, typeof UNSUPPORTED_IN_ATTACH>
  >,
];
