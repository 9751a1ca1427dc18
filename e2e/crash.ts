/**
 * `npm run test:crash -- --cycles 1000 --shoppers 8` kills the server so many times while merchants
 * trade, and audits; `-- --renewals 5000 --workers 8` lets so many subscriptions become due at once;
 * `-- --cardstream 10000` makes so many payments through the Cardstream stand-in, and loses answers.
 */
import { parseArgs } from 'node:util';
import { cardStorm } from './crash/cardstream';
import { renewals } from './crash/renewals';
import { storm } from './crash/storm';

const { values } = parseArgs({
  options: {
    cardstream: { type: 'string' },
    cycles: { type: 'string', default: '100' },
    shoppers: { type: 'string', default: '6' },
    renewals: { type: 'string' },
    workers: { type: 'string', default: '8' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (values.cardstream !== undefined) {
  const report = await cardStorm({
    payments: Number(values.cardstream),
    shoppers: Number(values.shoppers),
    random: Math.random,
    say,
  });
  const deaths = Object.values(report.deaths).reduce((sum, times) => sum + times, 0);
  say(`${report.payments} payments, ${deaths} deaths, both books agree to the penny`);
  say(
    `${report.lost} attempts were asked after; ${report.settledByFile} were found out by the settlement file, ${report.decidedByPerson} by a person`,
  );
  for (const [place, times] of Object.entries(report.deaths)) say(`died ${times} times: ${place}`);
  for (const [fault, times] of Object.entries(report.struck)) say(`${times} times: ${fault}`);
} else if (values.renewals === undefined) {
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
