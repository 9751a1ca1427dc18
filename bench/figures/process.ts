/** What a process costs that nobody measures by the second: its memory under load, and its start. */
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withSite, type Figure } from '../figure';
import { residentMegabytes } from '../processes';
import { startServer } from '../server';
import { warmUp } from '../site';
import { pay } from './confirm_payments';

const SAMPLE_MS = 200;

export const memory: Figure = {
  name: 'memory',
  measure: (bench) =>
    withSite(bench, 'memory', async (site) => {
      const values: number[] = [];
      for (let time = 0; time < bench.pairs; time += 1) {
        let most = 0;
        const sampling = setInterval(() => {
          void residentMegabytes(site.server.pid).then((now) => (most = Math.max(most, now)));
        }, SAMPLE_MS);
        await warmUp(site.server, bench.seconds / 2);
        await pay(site, { clients: bench.clients, seconds: bench.seconds / 2 });
        clearInterval(sampling);
        values.push(most);
      }
      return [
        {
          figure: 'memory of the server under load, the most',
          unit: 'MB resident',
          values,
          target: { of: 'value', is: 'at most', bound: 400 },
        },
      ];
    }),
};

export const start: Figure = {
  name: 'start',
  async measure({ build, pairs }) {
    const home = await fs.mkdtemp(path.join(tmpdir(), 'calmony-start-'));
    await fs.chmod(home, 0o711);
    try {
      // The first start creates the database, its tables and the owner.
      const first = await startServer({ ...build, home });
      await first.stop();
      const values: number[] = [];
      for (let time = 0; time < pairs; time += 1) {
        const server = await startServer({ ...build, home });
        values.push(server.readyMs / 1000);
        await server.stop();
      }
      return [
        {
          figure: 'start, with the embedded PostgreSQL, until ready',
          unit: 'seconds',
          values,
          target: { of: 'value', is: 'at most', bound: 5 },
          notes: { 'the very first': first.readyMs / 1000 },
        },
      ];
    } finally {
      await fs.rm(home, { recursive: true, force: true });
    }
  },
};
