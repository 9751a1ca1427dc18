/** TABLE: why a cardholder's bank asks for the money back, in words. https://docs.stripe.com/disputes/categories */
export const DISPUTE_REASONS = [
  { value: 'fraudulent', label: 'Fraudulent' },
  { value: 'product_not_received', label: 'Product not received' },
  { value: 'product_unacceptable', label: 'Product unacceptable' },
  { value: 'subscription_canceled', label: 'Subscription cancelled' },
  { value: 'duplicate', label: 'Duplicate' },
  { value: 'credit_not_processed', label: 'Credit not processed' },
  { value: 'unrecognized', label: 'Unrecognised' },
  { value: 'general', label: 'General' },
  { value: 'noncompliant', label: 'Non-compliant' },
  { value: 'bank_cannot_process', label: 'Bank cannot process' },
  { value: 'customer_initiated', label: 'Customer initiated' },
  { value: 'debit_not_authorized', label: 'Debit not authorised' },
  { value: 'incorrect_account_details', label: 'Incorrect account details' },
  { value: 'insufficient_funds', label: 'Insufficient funds' },
] as const;

export type DisputeReason = (typeof DISPUTE_REASONS)[number]['value'];

export const reasonText = (reason: string): string =>
  DISPUTE_REASONS.find(({ value }) => value === reason)?.label ?? reason.replaceAll('_', ' ');
