/** What a merchant can say to a dispute. Files are not taken: Stripe's names of them are refused. */
import type Stripe from 'stripe';

/** TABLE. Texts, with the most characters that Stripe takes of each. */
export const TEXTS = {
  access_activity_log: 20_000,
  billing_address: 5_000,
  cancellation_policy_disclosure: 20_000,
  cancellation_rebuttal: 20_000,
  customer_email_address: 5_000,
  customer_name: 5_000,
  customer_purchase_ip: 5_000,
  duplicate_charge_explanation: 20_000,
  duplicate_charge_id: 5_000,
  product_description: 20_000,
  refund_policy_disclosure: 20_000,
  refund_refusal_explanation: 20_000,
  service_date: 5_000,
  shipping_address: 5_000,
  shipping_carrier: 5_000,
  shipping_date: 5_000,
  shipping_tracking_number: 5_000,
  uncategorized_text: 20_000,
} as const;
export type EvidenceText = keyof typeof TEXTS;

/** Ids of uploads, and what networks ask for beyond them. */
export const REFUSED = [
  'appeal',
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'enhanced_evidence',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
] as const;

export type Evidence = Partial<Record<string, string>>;

/** Merged field by field; an empty text takes one back. */
export function mergeEvidence(before: Evidence, given: Evidence): Evidence {
  const all = { ...before, ...given };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== ''));
}

/** With null for what was not said. */
export function toEvidence(evidence: Evidence): Stripe.Dispute.Evidence {
  const text = (name: EvidenceText): string | null => evidence[name] ?? null;
  return {
    access_activity_log: text('access_activity_log'),
    billing_address: text('billing_address'),
    cancellation_policy: null,
    cancellation_policy_disclosure: text('cancellation_policy_disclosure'),
    cancellation_rebuttal: text('cancellation_rebuttal'),
    customer_communication: null,
    customer_email_address: text('customer_email_address'),
    customer_name: text('customer_name'),
    customer_purchase_ip: text('customer_purchase_ip'),
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: text('duplicate_charge_explanation'),
    duplicate_charge_id: text('duplicate_charge_id'),
    enhanced_evidence: {},
    product_description: text('product_description'),
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: text('refund_policy_disclosure'),
    refund_refusal_explanation: text('refund_refusal_explanation'),
    service_date: text('service_date'),
    service_documentation: null,
    shipping_address: text('shipping_address'),
    shipping_carrier: text('shipping_carrier'),
    shipping_date: text('shipping_date'),
    shipping_documentation: null,
    shipping_tracking_number: text('shipping_tracking_number'),
    uncategorized_file: null,
    uncategorized_text: text('uncategorized_text'),
  };
}
