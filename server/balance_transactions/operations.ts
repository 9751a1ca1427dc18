/** The project's balance, and each of its movements. https://docs.stripe.com/api/balance */
import type Stripe from 'stripe';
import type { Scope } from '@/server/kernel/context';
import { resourceMissing } from '@/server/kernel/errors';
import { query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { currentProject } from '@/server/projects';
import { toBalance, toBalanceTransaction } from './object';
import { BalanceTransactionId, ListBalanceTransactions, RetrieveBalance } from './params';
import * as store from './store';

export const retrieve = query({
  route: 'GET /v1/balance_transactions/:id',
  summary: 'Retrieves a balance transaction.',
  input: BalanceTransactionId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('balance transaction', id);
    return toBalanceTransaction(row, scope.now);
  },
});

export const list = query({
  route: 'GET /v1/balance_transactions',
  summary: 'Lists the movements of the balance, the newest first.',
  input: ListBalanceTransactions,
  run: async (scope, params) =>
    toPage(await store.page(scope, params), (row) => toBalanceTransaction(row, scope.now)),
});

export const retrieveBalance = query({
  route: 'GET /v1/balance',
  summary: 'Retrieves the balance.',
  input: RetrieveBalance,
  async run(scope) {
    const [sums, project] = await Promise.all([store.sums(scope), currentProject(scope)]);
    return toBalance(sums, scope.livemode, project.default_currency);
  },
});

export async function load(
  scope: Scope,
  ids: readonly string[],
): Promise<Stripe.BalanceTransaction[]> {
  return (await store.findAll(scope, ids)).map((row) => toBalanceTransaction(row, scope.now));
}
