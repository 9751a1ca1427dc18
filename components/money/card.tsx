import { CreditCard } from 'lucide-react';

export interface Card {
  readonly brand: string;
  readonly last4: string;
}

/** TABLE: brands by their own spelling. */
const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  cartes_bancaires: 'Cartes Bancaires',
  diners: 'Diners Club',
  discover: 'Discover',
  eftpos_au: 'Eftpos',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};

/** `Visa •••• 4242`. */
export const cardText = ({ brand, last4 }: Card): string =>
  `${BRANDS[brand] ?? 'Card'} •••• ${last4}`;

export const CardName = ({ card }: { card: Card }) => (
  <span className="flex items-center gap-1.5 whitespace-nowrap">
    <CreditCard aria-hidden className="size-4 shrink-0 text-muted" />
    {cardText(card)}
  </span>
);
