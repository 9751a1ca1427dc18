/**
 * A project is a tenant. To the outside it is Stripe's account, and every key sees its own only.
 * https://docs.stripe.com/api/accounts
 */
import type { Scope } from '@/server/kernel/context';
import { accountInvalid } from '@/server/kernel/errors';
import { query } from '@/server/kernel/operation';
import { toAccount, type Account } from './object';
import { AccountId, CurrentAccount } from './params';
import { current, type ProjectRow } from './store';

export const retrieveCurrent = query({
  route: 'GET /v1/account',
  summary: "Retrieves the account of the request's key.",
  input: CurrentAccount,
  run: async (scope) => shown(scope, await current(scope)),
});

export const retrieve = query({
  route: 'GET /v1/accounts/:id',
  summary: "Retrieves the account of the request's key by its id.",
  input: AccountId,
  async run(scope, { id }) {
    const row = await current(scope);
    if (row.account !== id) throw accountInvalid(id);
    return shown(scope, row);
  },
});

/** Test mode always has a processor, the simulator; live mode has none to ask yet. */
const shown = (scope: Scope, row: ProjectRow): Account => toAccount(row, !scope.livemode);
