/** The books of the simulated bank where they are kept: in PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readers } from '@/db/readers';
import { createWorld, type TestWorld } from '@/server/testing/context';
import { newSimulator, requestFor, runBooksCases, tokenOf } from './books.case';
import { postgresBooks, type Books, type Entry, type Run } from './books';

let world: TestWorld;
let run: Run;
const statements: string[] = [];

beforeAll(async () => {
  world = await createWorld();
  const { projectId } = await world.project();
  const { lookUp } = readers(world.runtime.pool)({ projectId, livemode: false });
  run = (text, params) => {
    statements.push(text);
    return lookUp(text, params);
  };
});
afterAll(() => world.close());

runBooksCases('PostgreSQL', () => postgresBooks(run));

/** The entry of a sale that was approved, as the simulator writes it. */
async function entryOf(): Promise<Entry> {
  const written: Entry[] = [];
  const books = postgresBooks(run);
  const spy: Books = {
    ...books,
    async record(entry) {
      written.push(entry);
      return entry;
    },
  };
  await newSimulator(spy).authorize(requestFor(tokenOf('pm_card_visa'), { capture: true }));
  const [entry] = written;
  if (entry === undefined) throw new Error('nothing was written');
  return entry;
}

const other = ({ hold, ...entry }: Entry): Entry => ({
  ...entry,
  reference: randomUUID(),
  hold: { ...hold, transaction: randomUUID() },
});

describe('entries that are written at the same moment', () => {
  it('are one statement, and each gets its own answer', async () => {
    const books = postgresBooks(run);
    const one = await entryOf();
    await books.record(one);
    const next = other(one);
    // A repeat, two decided upon the same state, and two that stand in nobody's way.
    const entries = [
      one,
      { ...next, sequence: 2 },
      { ...other(next), hold: next.hold, sequence: 2 },
    ];
    const free = [other(one), other(one)];
    statements.length = 0;
    const answers = await Promise.all([...entries, ...free].map((entry) => books.record(entry)));
    expect(statements.filter((text) => text.includes('INSERT'))).toHaveLength(1);
    expect(answers[0]).toEqual(one);
    expect(answers.slice(1, 3).filter((answer) => answer === null)).toHaveLength(1);
    expect(answers.slice(3)).toEqual(free);
    expect(await books.byTransaction(free[1]?.hold.transaction ?? '')).toEqual(free[1]);
  });

  it('fail alone where one of them cannot be written', async () => {
    const books = postgresBooks(run);
    const good = await entryOf();
    const bad = other(good);
    const overdrawn = { ...bad, hold: { ...bad.hold, captured: bad.hold.authorized + 1 } };
    const [refused, written] = await Promise.allSettled([
      books.record(overdrawn),
      books.record(good),
    ]);
    expect(refused.status).toBe('rejected');
    expect(written).toEqual({ status: 'fulfilled', value: good });
  });
});
