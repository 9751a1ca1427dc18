import { resource } from '@/server/kernel/resource';
import { list, load, retrieve, retrieveBalance } from './operations';

export const balance_transactions = resource({
  object: 'balance_transaction',
  expands: 'balance_transaction',
  load,
  operations: { retrieve, list },
});

export const balance = resource({ object: 'balance', operations: { retrieve: retrieveBalance } });

export { load as loadBalanceTransactions } from './operations';
export { foldBalances } from './fold';
export {
  balanceIn,
  find as findBalanceTransaction,
  findAll as findBalanceTransactions,
  type BalanceTransactionRow,
} from './store';
export { post, postEntry, type Posting } from './post';
export type { LaterEntryKind } from './movements';
