/**
 * A customer's permission to charge a card when they are not there. It is given with a setup
 * intent's confirmation, and can only be read here. https://docs.stripe.com/api/mandates
 */
import { resourceMissing } from '@/server/kernel/errors';
import { query } from '@/server/kernel/operation';
import { toMandate } from './object';
import { MandateId } from './params';
import { find } from './store';

export const retrieve = query({
  route: 'GET /v1/mandates/:id',
  summary: 'Retrieves a mandate.',
  input: MandateId,
  async run(scope, { id }) {
    const row = await find(scope, id);
    if (row === null) throw resourceMissing('mandate', id);
    return toMandate(row);
  },
});
