/**
 * `npm run check:books` looks through the books of every project, and fails if they do not agree;
 * `-- --every 60` does so again every so many seconds, until it is ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { contradictions, type Contradiction } from '@/db/books';
import { connect } from '@/db/client';
import { startEmbedded } from '@/db/embedded';
import { loadEnv } from '@/server/env';

/** The simulated bank writes its books before we hear of it: what is said only once may be that. */
const SECOND_LOOK_MS = 3_000;

const { values } = parseArgs({ options: { every: { type: 'string' } } });

const config = loadEnv();
const embedded =
  config.DATABASE_URL === undefined
    ? await startEmbedded({
        home: config.CALMONY_HOME,
        password: config.embeddedPassword,
        log: () => undefined,
      })
    : null;
const pool = connect(config.DATABASE_URL ?? embedded?.url ?? '', { max: 1, name: 'check_books' });

const line = ({ tenant, statement, row }: Contradiction): string =>
  `project ${tenant.projectId} ${tenant.livemode ? 'live' : 'test'}: not true that ${statement}: ${JSON.stringify(row)}`;

/** Answers whether all books agree, and says what does not. */
async function look(): Promise<boolean> {
  const first = new Set((await contradictions(pool)).map(line));
  if (first.size > 0) await sleep(SECOND_LOOK_MS);
  const lasting = first.size > 0 ? (await contradictions(pool)).map(line) : [];
  const said = lasting.filter((one) => first.has(one));
  for (const one of said) process.stderr.write(`${one}\n`);
  return said.length === 0;
}

let agrees = await look();
while (values.every !== undefined) {
  await sleep(Number(values.every) * 1_000);
  agrees = await look();
}
if (agrees) process.stdout.write('the books agree\n');
await pool.end();
await embedded?.stop();
process.exitCode = agrees ? 0 : 1;
