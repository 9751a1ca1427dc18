/** What an invoice shows only where it is asked for: its payments, and how its payer confirms them. */
import { findPaymentsOf, toInvoicePayment } from '@/server/invoice_payments';
import type { Include } from '@/server/kernel/resource';
import { clientSecretOf, findPaymentIntents } from '@/server/payment_intents';
import { findAll } from './store';

/** All of them: an invoice has few. */
export const includePayments: Include = async (scope, ids) => {
  const payments = await findPaymentsOf(scope, ids);
  return new Map(
    ids.map((id) => [
      id,
      {
        object: 'list',
        data: payments.filter(({ invoice }) => invoice === id).map(toInvoicePayment),
        has_more: false,
        url: `/v1/invoice_payments?invoice=${id}`,
      },
    ]),
  );
};

/** The client secret of the payment intent; null until the invoice is finalized. */
export const includeConfirmationSecret: Include = async (scope, ids) => {
  const rows = await findAll(scope, ids);
  const intents = await findPaymentIntents(
    scope,
    rows.flatMap(({ payment_intent }) => payment_intent ?? []),
  );
  const secrets = new Map(
    intents.map((intent) => [
      intent.id,
      { client_secret: clientSecretOf(intent), type: 'payment_intent' },
    ]),
  );
  return new Map(rows.map((row) => [row.id, secrets.get(row.payment_intent ?? '') ?? null]));
};
