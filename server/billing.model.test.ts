import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountsOf, type Account } from '@/server/testing/billing/books';
import { play, type Played } from '@/server/testing/billing/engine';
import { histories } from '@/server/testing/billing/histories';
import type { Bill, BilledLine, History } from '@/server/testing/billing/history';
import { market } from '@/server/testing/billing/market';
import { reckon, type Reckoning } from '@/server/testing/billing/model';
import { stock } from '@/server/testing/billing/stock';
import { timelines } from '@/server/testing/billing/timelines';
import { billInWords, historyInWords } from '@/server/testing/billing/words';
import { createWorld, type TestWorld } from '@/server/testing/context';

/**
 * Histories in all; `BILLING_HISTORIES` asks for more. The seed is fixed, so that a change is judged
 * by what it did; `BILLING_SEED` explores another, and `BILLING_HISTORY` plays one of them alone.
 */
const COUNT = Number(process.env['BILLING_HISTORIES'] ?? 2_000);
const SEED = Number(process.env['BILLING_SEED'] ?? 248_700_844);
const ONLY = process.env['BILLING_HISTORY'];

/** More than that would be read by nobody. */
const SHOWN = 3;

/** A zone that puts its clocks forward and back: nothing may come of it. */
process.env['TZ'] = 'America/New_York';

interface Outcome {
  readonly history: History;
  readonly expected: Reckoning;
  readonly played: Played;
  readonly account: Account;
}

describe('whatever happens to a subscription', () => {
  let world: TestWorld;

  beforeAll(async () => {
    expect(new Date(Date.UTC(2024, 6, 1)).getTimezoneOffset()).toBe(240);
    world = await createWorld();
  });
  afterAll(() => world.close());

  it(
    `is billed as the reference calendar says, seed ${SEED}`,
    { timeout: 30 * 60_000 },
    async () => {
      const outcomes = await lived(world);
      const wrong = outcomes.flatMap((outcome) => {
        const differences = differencesOf(outcome);
        return differences.length === 0 ? [] : [inWords(outcome, differences)];
      });
      expect(wrong.slice(0, SHOWN).join('\n\n'), `${wrong.length} of ${outcomes.length}`).toBe('');
      if (ONLY === undefined) expectVariety(outcomes);
    },
  );
});

/** Lives all histories through, in the model and on the engine. */
async function lived(world: TestWorld): Promise<Outcome[]> {
  const lines = timelines(SEED);
  const offered = market(SEED);
  const all = histories(offered, lines, { seed: SEED, count: COUNT })
    .filter(({ history }) => ONLY === undefined || history.name === `history ${ONLY}`)
    .map(({ history, timeline }) => ({ history, timeline, expected: reckon(history) }));
  const tenant = await world.project();
  // What is announced ahead is not what is billed, and every announcement costs a step of time.
  await world.admin`
    update projects set settings = ${world.admin.json({ billing: { upcoming_days: 60 } })}
    where id = ${tenant.projectId}`;
  const ids = await stock(tenant, offered);
  const played = await Promise.all(
    lines.map((timeline) =>
      play(
        world,
        tenant,
        ids,
        timeline,
        all
          .filter((one) => one.timeline === timeline)
          .map(({ history, expected }) => ({ history, deeds: expected.done })),
      ),
    ),
  );
  const accounts = await accountsOf(world, tenant.projectId, ids);
  return all.map(({ history, expected, timeline }) => {
    const its = played[lines.indexOf(timeline)]?.get(history);
    const account = accounts.get(its?.customer ?? '');
    if (its === undefined || account === undefined)
      throw new Error(`${history.name} was not played.`);
    return { history, expected, played: its, account };
  });
}

/** What is not as the model says: each difference, in words. */
function differencesOf({ expected, played, account, history }: Outcome): string[] {
  const [model, engine] = [expected.bills.map(comparable), account.bills.map(comparable)];
  const differences = played.refusals.map((refusal) => `refused to ${refusal}`);
  for (let index = 0; index < Math.max(model.length, engine.length); index++) {
    if (model[index] === engine[index]) continue;
    differences.push(`expected ${model[index] ?? 'no invoice'}`);
    differences.push(`  actual ${engine[index] ?? 'no invoice'}`);
  }
  if (account.balance !== expected.balance) {
    differences.push(`expected a balance of ${expected.balance}p, not ${account.balance}p`);
  }
  const charged = history.collection === 'send_invoice' ? 0 : paid(expected.bills);
  if (account.charged !== charged) {
    differences.push(`expected the card to be charged ${charged}p, not ${account.charged}p`);
  }
  return differences;
}

const paid = (bills: readonly Bill[]): number =>
  bills.reduce((sum, { status, due }) => sum + (status === 'paid' ? (due ?? 0) : 0), 0);

/** Lines in one order, whatever order they have on the invoice. */
const comparable = (bill: Bill): string =>
  billInWords({ ...bill, lines: bill.lines.map(inOrder).toSorted(byWords) });

const inOrder = ({ taxes, ...line }: BilledLine): BilledLine => ({
  ...line,
  taxes: Object.fromEntries(Object.entries(taxes).toSorted()),
});

const byWords = (one: BilledLine, other: BilledLine): number =>
  JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;

const inWords = ({ history, expected }: Outcome, differences: readonly string[]): string =>
  [
    `BILLING_SEED=${SEED} BILLING_HISTORY=${history.name.replace('history ', '')}`,
    historyInWords(history, expected.done),
    ...differences,
  ].join('\n');

/** What is done, and what comes of it. */
const VARIETY = [
  'add_item cancel cancel_at cancel_at_period_end change_item charge_once end_trial pause',
  'remove_item reset_cycle set_coupons set_rates take_back unpause',
  'subscription_create subscription_cycle subscription_update',
  'draft open paid uncollectible void discounted prorated taxed',
].flatMap((words) => words.split(' '));

/** Were hardly any of it in the histories, they would prove little. */
function expectVariety(outcomes: readonly Outcome[]): void {
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const { expected } of outcomes) {
    for (const { deed } of expected.done) count(deed.does);
    for (const { reason, status, lines } of expected.bills) {
      count(reason);
      count(status);
      if (lines.some(({ proration }) => proration)) count('prorated');
      if (lines.some(({ discount }) => discount !== 0)) count('discounted');
      if (lines.some(({ taxes }) => Object.keys(taxes).length > 0)) count('taxed');
    }
  }
  const rare = VARIETY.filter((what) => (counts.get(what) ?? 0) <= outcomes.length / 250);
  expect(rare).toEqual([]);
}
