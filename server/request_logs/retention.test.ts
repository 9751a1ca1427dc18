import { afterAll, beforeAll, expect, it } from 'vitest';
import { ctxOf } from '@/server/context';
import { firstIdBodyAt, PREFIX } from '@/server/kernel/ids';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { removeOldLogs } from './retention';

let world: TestWorld;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const DAY_MS = 24 * 60 * 60 * 1000;

/** A request of so many days ago. */
async function asked({ projectId }: TestTenant, days: number, livemode = false): Promise<string> {
  const at = new Date(world.now.getTime() - days * DAY_MS);
  const id = `${PREFIX.request}_${firstIdBodyAt(at)}${livemode ? 'L' : 'T'}`;
  await world.admin`insert into request_logs ${world.admin({
    project_id: projectId,
    livemode,
    id,
    method: 'GET',
    path: '/v1/customers',
    response_status: 200,
    duration_ms: 1,
    created: Math.floor(at.getTime() / 1_000),
  })}`;
  return id;
}

const kept = async ({ projectId }: TestTenant): Promise<string[]> =>
  (await world.admin`select id from request_logs where project_id = ${projectId} order by id`).map(
    ({ id }) => String(id),
  );

const remove = () =>
  removeOldLogs({ ...world.runtime, ctxOf: (asker: never) => ctxOf(world.runtime, asker) });

it('removes what is older than each project wants it kept, in both modes', async () => {
  const [patient, brief] = [await world.project(), await world.project()];
  await world.admin`update projects set settings = '{"logs":{"kept_days":7}}'
    where id = ${brief.projectId}`;
  await asked(patient, 91);
  const recent = await asked(patient, 89);
  await asked(brief, 8);
  await asked(brief, 8, true);
  const lastWeek = await asked(brief, 6);
  expect(await remove()).toBe(3);
  expect(await kept(patient)).toEqual([recent]);
  expect(await kept(brief)).toEqual([lastWeek]);
  expect(await remove()).toBe(0);
});
