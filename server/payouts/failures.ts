/** TABLE. Why a bank sends money back: https://docs.stripe.com/api/payouts/failures. */
export const FAILURES = {
  account_closed: 'The bank account has been closed.',
  account_frozen: 'The bank account has been frozen.',
  bank_account_restricted: 'The bank account has restrictions on the type or number of payouts.',
  bank_ownership_changed: 'The ownership of the bank account has changed.',
  could_not_process: 'The bank could not process this payout.',
  debit_not_authorized: 'Debits of the bank account have not been approved.',
  declined: 'The bank has declined this payout.',
  incorrect_account_holder_name: 'The name of the account holder is not right.',
  invalid_account_number: 'The number of the bank account is not right.',
  invalid_currency: 'The bank account cannot take this currency.',
  no_account: 'The bank account could not be found.',
  unsupported_card: 'The bank does not take payouts to this card.',
} as const;

export type FailureCode = keyof typeof FAILURES;

export const FAILURE_CODES = Object.keys(FAILURES) as [FailureCode, ...FailureCode[]];
