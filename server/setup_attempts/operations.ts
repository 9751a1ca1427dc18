/**
 * Each try of a setup intent, successful or not, with the card as it was.
 * https://docs.stripe.com/api/setup_attempts
 */
import { query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { toSetupAttempt } from './object';
import { ListSetupAttempts } from './params';
import * as store from './store';

export const list = query({
  route: 'GET /v1/setup_attempts',
  summary: 'Lists the attempts of a setup intent, the newest first.',
  input: ListSetupAttempts,
  run: async (scope, params) => toPage(await store.page(scope, params), toSetupAttempt),
});
