/**
 * A customer's permission to charge a card when they are not there. It is given with the
 * confirmation of a payment or setup intent, and can only be read here. https://docs.stripe.com/api/mandates
 */
import type { Scope } from '@/server/kernel/context';
import { resourceMissing } from '@/server/kernel/errors';
import { query } from '@/server/kernel/operation';
import { toMandate } from './object';
import { MandateId } from './params';
import { find, type MandateRow } from './store';

export const retrieve = query({
  route: 'GET /v1/mandates/:id',
  summary: 'Retrieves a mandate.',
  input: MandateId,
  run: async (scope, { id }) => toMandate(await requireMandate(scope, id, 'id')),
});

/** @param param names it in errors. @throws ApiError `resource_missing`. */
export async function requireMandate(
  scope: Scope,
  id: string,
  param = 'mandate',
): Promise<MandateRow> {
  const row = await find(scope, id);
  if (row === null) throw resourceMissing('mandate', id, param);
  return row;
}
