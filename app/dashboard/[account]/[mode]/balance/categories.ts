/** TABLE: what moves the balance, by Stripe's reporting categories, in words. */
const CATEGORIES: Readonly<Record<string, string>> = {
  charge: 'Payment',
  refund: 'Refund',
  refund_failure: 'Failed refund',
  dispute: 'Dispute',
  dispute_reversal: 'Dispute won',
  fee: 'Fee',
  payout: 'Payout',
  payout_reversal: 'Payout returned',
};

export const categoryText = (category: string): string =>
  CATEGORIES[category] ?? category.replaceAll('_', ' ');
