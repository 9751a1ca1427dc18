/** POST /v1/subscriptions: the first invoice finalized and paid through the simulated processor. */
import { newPayer, newPrice } from '@/e2e/support/subscribers';
import { costOf, withSite, type Figure } from '../figure';
import { generate, perSecond } from '../loads';
import { warmUp } from '../site';

/** Enough that two seldom subscribe the same customer at the same moment. */
const CUSTOMERS = 500;

export const createSubscriptions: Figure = {
  name: 'subscribe',
  measure: (bench) =>
    withSite(bench, 'subscribe', async (site) => {
      await warmUp(site.server, 1);
      const price = await newPrice(site.server);
      const ids: string[] = [];
      while (ids.length < CUSTOMERS) ids.push((await newPayer(site.server)).id);
      const subscribe = (seconds: number) =>
        generate({
          port: site.server.port,
          authorization: site.server.authorization,
          method: 'POST',
          paths: ['/v1/subscriptions'],
          body: `customer={id}&items[0][price]=${price}&payment_behavior=error_if_incomplete`,
          ids,
          isIdempotent: true,
          clients: bench.clients,
          seconds,
        });
      await subscribe(3);
      const { cost, ...measuring } = costOf(bench, site);
      const values: number[] = [];
      for (let time = 0; time < bench.pairs; time += 1) {
        await bench.cluster.checkpoint();
        const report = await measuring.while(() => subscribe(bench.seconds));
        const found = await site.sql<{ paid: number }[]>`
          select count(*)::int as paid from subscriptions s join invoices i on i.id = s.latest_invoice
          where s.id = any(${report.acknowledged.map(({ id }) => id)})
            and s.status = 'active' and i.status = 'paid'`;
        if (found[0]?.paid !== report.acknowledged.length) {
          throw new Error(`Void: of ${report.acknowledged.length}, ${found[0]?.paid} are paid.`);
        }
        values.push(perSecond(report));
      }
      return [
        {
          figure: 'POST /v1/subscriptions, the first invoice paid',
          unit: 'per second',
          values,
          target: { of: 'value', is: 'at least', bound: 150 },
          notes: cost,
        },
      ];
    }),
};
