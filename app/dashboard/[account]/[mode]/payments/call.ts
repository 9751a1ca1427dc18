/** What a payment's page asks for: with the customer, the charge, and what it brought in. */
export const paymentCall = (id: string): { id: string; expand: string[] } => ({
  id,
  expand: ['customer', 'latest_charge.balance_transaction'],
});
