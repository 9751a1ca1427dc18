/**
 * What a customer's balance does to an invoice when it is finalized. Pure.
 *
 * A credit pays as much of the invoice as it covers, a debt is asked for with it; what is less than
 * the least that can be charged goes on the balance, and the invoice counts as paid; what a negative
 * total gives back goes on the balance too. https://docs.stripe.com/billing/customer/balance
 */
import type Stripe from 'stripe';
import { minimumCharge } from '@/server/kernel/currencies';

export interface BalanceEffect {
  /** Pence, never negative. */
  readonly amount_due: number;
  /** Positive where the customer owes, negative where it is owed. */
  readonly starting_balance: number;
  readonly ending_balance: number;
  /** What moves the one balance to the other; none where it stays. */
  readonly entries: readonly {
    readonly amount: number;
    readonly type: Stripe.CustomerBalanceTransaction.Type;
  }[];
}

interface Holder {
  readonly balance: number;
  readonly currency: string | null;
}

/**
 * @param total of the invoice, pence. A balance that is kept in another currency is left alone, and
 *   so is what could be put on it.
 */
export function settleBalance(total: number, holder: Holder, currency: string): BalanceEffect {
  if (holder.currency !== null && holder.currency !== currency) {
    return { amount_due: Math.max(total, 0), starting_balance: 0, ending_balance: 0, entries: [] };
  }
  const starting_balance = holder.balance;
  const due = total + starting_balance;
  const isTooSmall = due > 0 && due < minimumCharge(currency);
  const credit = Math.min(due, 0);
  const entries = [
    { amount: credit - starting_balance, type: 'applied_to_invoice' as const },
    { amount: isTooSmall ? due : 0, type: 'invoice_too_small' as const },
  ];
  return {
    amount_due: due > 0 && !isTooSmall ? due : 0,
    starting_balance,
    ending_balance: isTooSmall ? due : credit,
    entries: entries.filter(({ amount }) => amount !== 0),
  };
}
