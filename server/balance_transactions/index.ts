import { resource } from '@/server/kernel/resource';
import { list, load, retrieve, retrieveBalance } from './operations';

export const balance_transactions = resource({
  object: 'balance_transaction',
  expands: 'balance_transaction',
  load,
  operations: { retrieve, list },
});

export const balance = resource({ object: 'balance', operations: { retrieve: retrieveBalance } });

export { post, type Posting } from './post';
