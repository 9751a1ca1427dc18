/** `POST /v1/subscriptions/:id/pause`: https://docs.stripe.com/billing/subscriptions/pause */
import type { NewLine } from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import { invalidState } from '@/server/kernel/errors';
import { command } from '@/server/kernel/operation';
import { requireOngoing, type Agreement, type Amendment } from './agreement';
import { nowOf } from './bill';
import { lastBill } from './end';
import { keepLines } from './fees';
import { isMetered, linesBehind, namesOf } from './lines';
import { move, subscription } from './lifecycle';
import { toSubscription } from './object';
import { PauseSubscription } from './params';
import { creditUnused } from './revise';
import * as store from './store';

export const pause = command({
  route: 'POST /v1/subscriptions/:id/pause',
  summary: 'Pauses a subscription: nothing is billed until it is resumed.',
  input: PauseSubscription,
  async run(given, { id, ...input }) {
    const { tx, agreement } = await requireOngoing(given, id);
    const { status, schedule } = agreement.row;
    if (!subscription.allows(status, 'pause') || schedule !== null) {
      throw invalidState(
        schedule === null
          ? `A subscription that is ${status} cannot be paused.`
          : 'A subscription with a schedule cannot be paused. Release the schedule first.',
        'resource_invalid_state',
      );
    }
    const change = await settle(tx, agreement, input);
    return toSubscription(await move(tx, agreement, 'pause', change));
  },
});

/** Gives back what was paid ahead, and asks for what was used. */
async function settle(
  tx: Tx,
  agreement: Agreement,
  { bill_for, invoicing_behavior }: Omit<PauseSubscription, 'id'>,
): Promise<Amendment> {
  const now = nowOf(tx);
  const unused = bill_for?.unused_time_from?.type ?? 'now';
  if (unused !== 'none') {
    for (const one of agreement.items) {
      const from = unused === 'now' ? now : one.row.current_period_start;
      await creditUnused(tx, { ...agreement, items: [one] }, from);
    }
  }
  const isUsageDue =
    agreement.row.status !== 'trialing' && bill_for?.outstanding_usage_through?.type !== 'none';
  await keepLines(tx, agreement, isUsageDue ? await usageOf(tx, agreement, now) : []);
  const items = agreement.items.map((one) =>
    isMetered(one)
      ? { ...one, row: store.updateItem(tx, one.row, { current_period_start: now }) }
      : one,
  );
  if (invoicing_behavior !== 'invoice') return { items };
  // It finds what was just kept, and no usage beside it.
  return { items, ...(await lastBill(tx, { ...agreement, items }, now)) };
}

async function usageOf(tx: Tx, agreement: Agreement, now: number): Promise<NewLine[]> {
  const metered = agreement.items.filter(isMetered);
  const names = await namesOf(tx, metered);
  const lines: NewLine[] = [];
  for (const one of metered) {
    const period = { start: one.row.current_period_start, end: now };
    lines.push(...(await linesBehind(tx, agreement, one, period, names)));
  }
  return lines.filter(({ amount }) => amount !== 0);
}
