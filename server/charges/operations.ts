/**
 * A charge is one attempt that reached the network. Charges are made by payment intents; here they
 * are read, and what the merchant notes about them is changed. https://docs.stripe.com/api/charges
 */
import type { Scope } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { toCharge } from './object';
import { ChargeId, ListCharges, SearchCharges, UpdateCharge } from './params';
import * as store from './store';

export const retrieve = query({
  route: 'GET /v1/charges/:id',
  summary: 'Retrieves a charge.',
  input: ChargeId,
  run: async (scope, { id }) => toCharge(await requireCharge(scope, id, 'id')),
});

export const list = query({
  route: 'GET /v1/charges',
  summary: 'Lists charges, the newest first.',
  input: ListCharges,
  run: async (scope, params) => toPage(await store.page(scope, params), toCharge),
});

export const search = query({
  route: 'GET /v1/charges/search',
  summary: 'Searches charges by a query.',
  input: SearchCharges,
  run: (scope, params) => store.search(scope, params),
});

export const update = command({
  route: 'POST /v1/charges/:id',
  summary: 'Changes what is noted about a charge.',
  input: UpdateCharge,
  async run(tx, { id, metadata, customer, fraud_details, ...fields }) {
    const before = await store.lock(tx, id);
    if (before === null) throw resourceMissing('charge', id);
    if (customer !== undefined && before.customer !== null && customer !== before.customer) {
      throw parameterInvalid(
        `The charge already belongs to the customer ${before.customer}, which cannot be changed.`,
        'customer',
      );
    }
    const row = store.update(tx, before, {
      ...fields,
      ...(customer === undefined ? {} : { customer }),
      ...(fraud_details === undefined ? {} : { fraud_details: reported(fraud_details) }),
      metadata: mergeMetadata(before.metadata, metadata),
    });
    const charge = toCharge(row);
    await tx.announce('charge.updated', charge, toCharge(before));
    return charge;
  },
});

const reported = ({ user_report }: { user_report: 'fraudulent' | 'safe' | null }) =>
  user_report === null ? {} : { user_report };

/** For other domains: the charge they were asked about, or Stripe's error naming `param`. */
export async function requireCharge(
  scope: Scope,
  id: string,
  param = 'charge',
): Promise<store.ChargeRow> {
  const row = await store.find(scope, id);
  if (row === null) throw resourceMissing('charge', id, param);
  return row;
}
