/** Short names of what stands in several places of a document. */
import { brandOf } from '@/server/api/hosted_invoice/words';
import type { Payment } from './facts';

/** The card of a payment, as its holder knows it. */
export const cardNameOf = ({ brand, last4 }: NonNullable<Payment['card']>): string =>
  `${capitalized(brandOf(brand))} •••• ${last4}`;

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const percentOf = (percentage: number): string => `${percentage}%`;
