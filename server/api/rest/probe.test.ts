import { it } from 'vitest';
import { createApi } from '@/server/testing/api';
import { createWorld } from '@/server/testing/context';
import { endpoints } from '@/server/api/endpoints';
import { z } from 'zod';
it('probes', async () => {
  const world = await createWorld();
  const api = createApi(world);
  const t = await world.project();
  const log = (r: any) => console.log(r.status, JSON.stringify(Object.fromEntries(r.headers)), r.text.slice(0, 300));
  log(await api({ key: t.secretKey, path: '/v1/customers/' }));
  log(await api({ key: t.secretKey, path: '/nowhere' }));
  log(await api({ key: t.secretKey, path: '/v1' }));
  log(await api({ key: t.secretKey, method: 'HEAD', path: '/v1/customers' }));
  log(await api({ key: t.secretKey, method: 'OPTIONS', path: '/v1/tokens' }));
  log(await api({ key: t.secretKey, method: 'OPTIONS', path: '/v1/customers' }));
  log(await api({ key: t.secretKey, method: 'PATCH', path: '/v1/customers' }));
  log(await api({ key: t.secretKey, path: '/v1/customers/%00' }));
  log(await api({ key: t.secretKey, path: '/v1/customers?starting_after=%00' }));
  log(await api({ key: t.secretKey, method: 'POST', path: '/v1/payment_intents', body: 'amount=1000&currency=gbp&confirm=true&payment_method=pm_card_visa&expand[]=latest_charge.balance_transaction' }));
  log(await api({ key: t.secretKey, method: 'POST', path: '/v1/payment_intents', body: 'amount=1000&currency=gbp&confirm=true&payment_method=pm_card_chargeDeclined', headers: {'idempotency-key': 'k'} }));
  for (const e of endpoints) {
    let j; try { j = z.toJSONSchema(e.operation.input, { io: 'input' }); } catch (x) { console.log('UNREP', e.method, e.path, String(x)); }
    if (/payment_intents$/.test(e.path) && e.method === 'POST') console.log(JSON.stringify(j).slice(0, 3000));
  }
  await world.close();
});
