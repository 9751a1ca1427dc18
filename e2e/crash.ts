/** `npm run test:crash -- --cycles 1000 --shoppers 8`: kills the server so many times, and audits. */
import { parseArgs } from 'node:util';
import { storm } from './crash/storm';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '100' },
    shoppers: { type: 'string', default: '6' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const report = await storm({
  cycles: Number(values.cycles),
  shoppers: Number(values.shoppers),
  random: Math.random,
  say,
});
say(`${report.acknowledged} answers acknowledged, none lost, none given twice`);
say(`${report.events} events, ${report.deliveries} deliveries to two endpoints`);
for (const [place, times] of Object.entries(report.deaths)) say(`died ${times} times: ${place}`);
