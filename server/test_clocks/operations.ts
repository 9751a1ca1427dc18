/**
 * A test clock is a time that can be travelled: customers that are attached to it, and all that is
 * billed to them, live by it and not by the wall clock. https://docs.stripe.com/api/test_clocks
 *
 * Two limits of Stripe's are lifted: a clock may have any number of customers, and goes further than
 * two billing intervals at once.
 */
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, requestInvalid, testModeRequired } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { move } from './lifecycle';
import { toDeletedTestClock, toTestClock } from './object';
import {
  AdvanceTestClock,
  CREATE_UNSUPPORTED,
  CreateTestClock,
  ListTestClocks,
  TestClockId,
} from './params';
import { lockStillClock, requireClock } from './require';
import * as store from './store';

const DAY_SECONDS = 24 * 60 * 60;
const KEPT_SECONDS = 30 * DAY_SECONDS;

/** An advance cannot be called back, so a slip of the finger must not start one of centuries. */
const YEARS_AT_ONCE = 10;
const ADVANCE_MAX_SECONDS = YEARS_AT_ONCE * 366 * DAY_SECONDS;

/** In live mode there is one time for all. The other operations find nothing there. */
export const create = command({
  route: 'POST /v1/test_helpers/test_clocks',
  summary: 'Creates a test clock, for customers to be attached to. Test mode only.',
  input: CreateTestClock,
  unsupported: CREATE_UNSUPPORTED,
  async run(tx, { frozen_time, name }) {
    if (tx.livemode) throw testModeRequired();
    const created = unix(tx.now);
    const row = store.insert(tx, {
      id: newId('test_clock'),
      status: 'ready',
      name: name ?? null,
      frozen_time,
      target_time: null,
      advance_at: null,
      deletes_after: created + KEPT_SECONDS,
      failure: null,
      created,
    });
    await tx.announce('test_helpers.test_clock.created', toTestClock(row));
    return toTestClock(row);
  },
});

export const retrieve = query({
  route: 'GET /v1/test_helpers/test_clocks/:id',
  summary: 'Retrieves a test clock. It is ready when it has advanced to where it was sent.',
  input: TestClockId,
  run: async (scope, { id }) => toTestClock(await requireClock(scope, id)),
});

export const list = query({
  route: 'GET /v1/test_helpers/test_clocks',
  summary: 'Lists test clocks, the newest first.',
  input: ListTestClocks,
  run: async (scope, params) => toPage(await store.page(scope, params), toTestClock),
});

/** Only says where to: a worker takes the clock there, through all that becomes due on the way. */
export const advance = command({
  route: 'POST /v1/test_helpers/test_clocks/:id/advance',
  summary: 'Starts to advance a test clock to a later time, up to ten years ahead.',
  input: AdvanceTestClock,
  async run(tx, { id, frozen_time }) {
    const before = await lockStillClock(tx, id);
    if (before.status === 'internal_failure') {
      throw requestInvalid(
        `Test clock ${id} failed while it advanced and cannot be advanced any more. Delete it and create a new one.`,
      );
    }
    if (frozen_time <= before.frozen_time) {
      throw parameterInvalid(
        `The frozen time of a test clock can only be moved forward: it is ${before.frozen_time}, and you gave ${frozen_time}.`,
        'frozen_time',
      );
    }
    if (frozen_time > before.frozen_time + ADVANCE_MAX_SECONDS) {
      throw parameterInvalid(
        `A test clock can be advanced by at most ${YEARS_AT_ONCE} years at once.`,
        'frozen_time',
      );
    }
    return toTestClock(
      await move(tx, before, 'advance', { target_time: frozen_time, advance_at: tx.now }),
    );
  },
});

export const remove = command({
  route: 'DELETE /v1/test_helpers/test_clocks/:id',
  summary: 'Deletes a test clock, its customers, and what is billed to them.',
  input: TestClockId,
  run: async (tx, { id }) =>
    toDeletedTestClock(await removeClock(tx, await lockStillClock(tx, id))),
});

/** Of a clock that is locked and does not advance. Its customers go by a reaction. */
export const removeClock = (tx: Tx, clock: store.TestClockRow): Promise<store.TestClockRow> =>
  move(tx, clock, 'delete');
