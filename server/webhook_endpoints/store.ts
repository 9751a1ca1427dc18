import { rowsOf } from '@/db/rows';
import { webhook_endpoints } from '@/db/schema/webhook_endpoints';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf } from '@/server/kernel/page';
import type { ListWebhookEndpoints } from './params';

export type WebhookEndpointRow = typeof webhook_endpoints.$inferSelect;

const rows = rowsOf(webhook_endpoints);
export const { insert, find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListWebhookEndpoints) =>
  pageOf<WebhookEndpointRow>(
    scope,
    { table: webhook_endpoints, rows, object: 'webhook_endpoint' },
    params,
  );

/**
 * As `lock`, but also against rows that refer to it. Changes that are under way and made a delivery
 * are waited for; those that come later pass the endpoint over, see `enqueue`.
 */
export const lockToRemove = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.lookUp('select id from webhook_endpoints where id = $1 for update', [id])).length > 0;

/** The endpoint with all that was, or was to be, delivered to it. */
export function removeWithDeliveries(tx: Tx, id: string): void {
  tx.write('delete from webhook_delivery_attempts where endpoint = $1', [id]);
  tx.write('delete from webhook_deliveries where endpoint = $1', [id]);
  rows.remove(tx, id);
}
