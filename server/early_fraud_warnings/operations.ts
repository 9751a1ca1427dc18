/**
 * An early fraud warning is an issuer's report that a payment may be fraudulent. It asks for
 * nothing: refunding the payment in time spares its merchant the dispute.
 * https://docs.stripe.com/api/radar/early_fraud_warnings
 */
import { resourceMissing } from '@/server/kernel/errors';
import { query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { toEarlyFraudWarning } from './object';
import { EarlyFraudWarningId, ListEarlyFraudWarnings } from './params';
import * as store from './store';

export const retrieve = query({
  route: 'GET /v1/radar/early_fraud_warnings/:id',
  summary: 'Retrieves an early fraud warning.',
  input: EarlyFraudWarningId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('early fraud warning', id);
    return toEarlyFraudWarning(row);
  },
});

export const list = query({
  route: 'GET /v1/radar/early_fraud_warnings',
  summary: 'Lists early fraud warnings, the newest first.',
  input: ListEarlyFraudWarnings,
  run: async (scope, params) => toPage(await store.page(scope, params), toEarlyFraudWarning),
});
