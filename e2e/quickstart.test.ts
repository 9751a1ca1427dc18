import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, type ServerProcess } from '@/e2e/support/process';
import { SECRET_KEY, startServer } from '@/e2e/support/server';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Runs an example as a reader of its first lines would, from a directory that is not ours. */
async function run(file: string, nodeArguments: readonly string[] = []): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...nodeArguments, path.join(ROOT, 'examples', file)],
    {
      cwd: tmpdir(),
      env: { ...process.env, CALMONY_KEY: SECRET_KEY, CALMONY_URL: server.url },
    },
  );
  // Ids differ from run to run.
  return stdout.replaceAll(/_[0-9A-Za-z]{16,}/g, '_…');
}

describe('the examples', () => {
  it('take a payment in plain JavaScript', async () => {
    expect(await run('quickstart.mjs')).toBe(
      `customer        cus_… 
card            pm_… visa ending in 4242
payment         pi_… succeeded
another         pi_… card_declined: insufficient_funds
refund          re_… succeeded
event           evt_… charge.refunded
event           evt_… refund.created
event           evt_… payment_intent.payment_failed
event           evt_… charge.failed
event           evt_… payment_intent.created
event           evt_… payment_intent.succeeded
event           evt_… charge.succeeded
event           evt_… payment_intent.created
event           evt_… payment_method.attached
event           evt_… customer.created
`,
    );
  });

  it('take a payment and receive its webhooks in TypeScript', async () => {
    const tsx = path.join(ROOT, 'node_modules/tsx/dist/loader.mjs');
    const lines = (await run('quickstart.ts', ['--import', tsx])).trim().split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'webhook endpoint  we_…',
        'payment method    pm_… (visa 4242)',
        'payment intent    pi_… succeeded',
        'refund            re_… succeeded',
        'webhook           payment_intent.succeeded (signature accepted)',
        'webhook           charge.succeeded (signature accepted)',
        'webhook           charge.refunded (signature accepted)',
      ]),
    );
  });
});
