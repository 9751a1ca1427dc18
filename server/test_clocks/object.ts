import type Stripe from 'stripe';
import type { TestClockRow } from './store';

export const toTestClock = (row: TestClockRow): Stripe.TestHelpers.TestClock => ({
  id: row.id,
  object: 'test_helpers.test_clock',
  created: row.created,
  deletes_after: row.deletes_after,
  frozen_time: row.frozen_time,
  livemode: row.livemode,
  name: row.name,
  status: row.status,
  status_details:
    row.target_time === null ? {} : { advancing: { target_frozen_time: row.target_time } },
});

export const toDeletedTestClock = ({ id }: TestClockRow): Stripe.TestHelpers.DeletedTestClock => ({
  id,
  object: 'test_helpers.test_clock',
  deleted: true,
});
