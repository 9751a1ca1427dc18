/**
 * `npm run test:crash -- --cycles 1000 --shoppers 8` kills the server so many times while merchants
 * trade, and audits; `-- --renewals 5000 --workers 8` lets so many subscriptions become due at once.
 */
import { parseArgs } from 'node:util';
import { renewals } from './crash/renewals';
import { storm } from './crash/storm';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '100' },
    shoppers: { type: 'string', default: '6' },
    renewals: { type: 'string' },
    workers: { type: 'string', default: '8' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (values.renewals === undefined) {
  const report = await storm({
    cycles: Number(values.cycles),
    shoppers: Number(values.shoppers),
    random: Math.random,
    say,
  });
  say(`${report.acknowledged} answers acknowledged, none lost, none given twice`);
  say(`${report.events} events, ${report.deliveries} deliveries to two endpoints`);
  for (const [place, times] of Object.entries(report.deaths)) say(`died ${times} times: ${place}`);
} else {
  const report = await renewals({
    due: Number(values.renewals),
    workers: Number(values.workers),
    random: Math.random,
    say,
  });
  say(`${report.kills} kills of ${values.workers} workers; of ${values.renewals} subscriptions:`);
  say(`${report.invoices} invoices, ${report.paid} paid, ${report.charges} charges`);
  say(`${report.doubled} billed twice; ${report.periods} are in their next period`);
}
