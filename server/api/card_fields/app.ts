/**
 * A page on which a card is typed into Cardstream's own fields, and becomes a payment method: the
 * working example of what a merchant's page does, and enough for one that has none.
 *
 *   /card-fields?key=pk_…
 *
 * The number goes from a frame of the gateway's to the gateway. This server sees a token.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Hono } from 'hono';
import type { ApiServer } from '@/server/api/served';
import { scopeOf } from '@/server/context';
import type { Scope } from '@/server/kernel/context';
import { findCurrentAccount } from '@/server/processor_accounts';
import { fieldsPage, noFieldsPage, policyOf } from './page';

/** Cardstream's library needs it, and finds it under its usual name. */
const JQUERY = readFileSync(createRequire(import.meta.url).resolve('jquery/dist/jquery.min.js'));

export function createCardFieldsApp({ runtime, findKey }: ApiServer): Hono {
  const app = new Hono();
  app.get('/card-fields/jquery.js', (http) => {
    http.header('content-type', 'text/javascript; charset=utf-8');
    http.header('cache-control', 'public, max-age=86400');
    return http.body(JQUERY);
  });
  app.get('/card-fields', async (http) => {
    const key = http.req.query('key') ?? '';
    const now = runtime.clock();
    const holder = await findKey(key, now.getTime());
    const isGood =
      holder?.type === 'publishable' &&
      holder.status === 'active' &&
      (holder.expiresAt === null || holder.expiresAt > now);
    const scope: Scope | null = isGood ? scopeOf(runtime, holder) : null;
    const account = scope === null ? null : await findCurrentAccount(scope);
    http.header('content-security-policy', policyOf(account?.base_url ?? null));
    http.header('x-content-type-options', 'nosniff');
    http.header('referrer-policy', 'strict-origin');
    http.header('cache-control', 'no-store');
    if (account === null) return http.html(noFieldsPage(isGood), 404);
    return http.html(
      fieldsPage({
        purpose: { kind: 'keep', key },
        action: 'Save the card',
        isTest: !account.livemode,
        merchantId: account.merchant_id,
        baseUrl: account.base_url,
      }),
    );
  });
  return app;
}
