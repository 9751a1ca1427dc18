/**
 * Numbers are given when an invoice is finalized, one after the other without a gap: of a customer
 * (`ABCD1234-0001`) or, by setting, of the project (`INV-0001`). Each sequence is taken under its
 * lock, so a transaction that comes to nothing gives its number back.
 * https://docs.stripe.com/invoicing/customize#invoice-numbering
 */
import type { CustomerRow } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import { resourceAlreadyExists } from '@/server/kernel/errors';
import type { Settings } from '@/server/projects';
import * as store from './store';

export interface NextNumber {
  readonly number: string;
  /** What the customer's sequence goes on with. */
  readonly next_invoice_sequence: number;
}

/**
 * The next number that no invoice has: one may have been given by hand.
 *
 * @param customer locked in this transaction.
 */
export async function nextNumber(
  tx: Tx,
  customer: CustomerRow,
  numbering: Settings['billing']['invoice_numbering'],
): Promise<NextNumber> {
  let { next_invoice_sequence } = customer;
  for (;;) {
    const number =
      numbering === 'customer'
        ? numbered(customer.invoice_prefix, next_invoice_sequence++)
        : numbered(PROJECT_PREFIX, await store.nextOfProject(tx));
    if (!(await store.isNumberTaken(tx, number))) return { number, next_invoice_sequence };
  }
}

const PROJECT_PREFIX = 'INV';

/** Four digits, and more where they do not do. */
const numbered = (prefix: string, sequence: number): string =>
  `${prefix}-${String(sequence).padStart(4, '0')}`;

/** @throws ApiError 400 for a number that another invoice has. */
export async function assertNumberIsFree(tx: Tx, number: string): Promise<void> {
  if (!(await store.isNumberTaken(tx, number))) return;
  throw resourceAlreadyExists(
    `The invoice number \`${number}\` is already in use by another invoice.`,
    'number',
  );
}
