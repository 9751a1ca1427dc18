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

const TSX = ['--import', path.join(ROOT, 'node_modules/tsx/dist/loader.mjs')];

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
  // Ids differ from run to run, and so do a promotion code, the prefix of a customer's invoices, and the time.
  return stdout
    .replaceAll(/_[0-9A-Za-z]{16,}/g, '_…')
    .replaceAll(/\b[0-9A-Z]{8}(?=-\d{4}| takes)/g, 'ABCDEFGH')
    .replaceAll(/took [\d.]+ s/g, 'took … s');
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
    const lines = (await run('quickstart.ts', TSX)).trim().split('\n');
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

  it('take a subscription through three years, right to the penny', async () => {
    expect(await run('subscription.ts', TSX)).toBe(
      `Gold is £10.00 a month or £100.00 a year; ABCDEFGH takes a quarter off.

2026-01-31  subscribed: trialing
2026-02-20  after the trial: active
2026-02-20  three seats from now on; the next invoice will be
               -£5.86  Unused time on Gold after 20 Feb 2026
               £17.58  Remaining time on 3 × Gold after 20 Feb 2026
               £30.00  3 × Gold (at £10.00 / month)
               -£7.50  a quarter off the last
               £34.22  in all
2026-02-20  £5.00 for the setup; cancelled at the end of the period, and thought better of it
2026-06-01  ABCDEFGH-0005 was £30.00; ABCDEFGH-0005-CN-01 gives £4.00 back, to the balance
2026-06-20  a card that the bank declines: past_due
2026-06-21  another card, tried at once: active
2026-06-21  changed to yearly, and charged for the difference at once
2029-02-01  the rest of three years took … s

date        invoice          total      paid  why
2026-01-31  ABCDEFGH-0001     £0.00     £0.00  subscription_create
2026-02-14  ABCDEFGH-0002     £7.50     £7.50  subscription_cycle
2026-03-14  ABCDEFGH-0003    £37.97    £37.97  subscription_cycle
2026-04-14  ABCDEFGH-0004    £22.50    £22.50  subscription_cycle
2026-05-14  ABCDEFGH-0005    £30.00    £30.00  subscription_cycle
2026-06-14  ABCDEFGH-0006    £30.00    £26.00  subscription_cycle
2026-06-21  ABCDEFGH-0007   £277.12   £277.12  subscription_update
2027-06-21  ABCDEFGH-0008   £300.00   £300.00  subscription_cycle
2028-06-21  ABCDEFGH-0009   £300.00   £300.00  subscription_cycle

9 invoices, £1001.09 paid, and told of by
  1 × customer.subscription.created
  9 × invoice.paid
  3 × invoice.payment_failed
`,
    );
  });
});
