/**
 * A dispute is a cardholder's issuer asking for their money back. The merchant answers with
 * evidence, or gives in; the issuer decides. https://docs.stripe.com/api/disputes
 *
 * No gateway that we speak to tells of disputes. `record` and `decide`, which are ours, are for the
 * person whom the acquirer told.
 */
import { requireCharge, requireLocked } from '@/server/charges';
import type { Scope, Tx } from '@/server/kernel/context';
import { formatMoney } from '@/server/kernel/currencies';
import { invalidState, parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { decide, simulatedDecision } from './decide';
import { mergeEvidence } from './evidence';
import { dispute, move } from './lifecycle';
import { show, showOne } from './object';
import { leftOf, open } from './open';
import {
  DecideDispute,
  DisputeId,
  ListDisputes,
  RecordDispute,
  UNSUPPORTED,
  UpdateDispute,
} from './params';
import * as store from './store';

export const retrieve = query({
  route: 'GET /v1/disputes/:id',
  summary: 'Retrieves a dispute.',
  input: DisputeId,
  run: async (scope, { id }) => showOne(scope, expectFound(await store.find(scope, id), id)),
});

export const list = query({
  route: 'GET /v1/disputes',
  summary: 'Lists disputes, the newest first.',
  input: ListDisputes,
  async run(scope, params) {
    const { rows, has_more } = await store.page(scope, params);
    return toPage({ rows: await show(scope, rows), has_more }, (shown) => shown);
  },
});

/** How long the simulated issuer thinks, in seconds. */
const REVIEW = 1;

export const update = command({
  route: 'POST /v1/disputes/:id',
  summary: 'Adds evidence to a dispute, and submits it unless it is to be staged only.',
  input: UpdateDispute,
  unsupported: UNSUPPORTED,
  async run(tx, { id, evidence, metadata, submit }) {
    const before = expectFound(await store.lock(tx, id), id);
    // What says nothing and asks for nothing submits nothing.
    const submits = evidence === undefined ? submit === true : submit !== false;
    if ((evidence !== undefined || submits) && !dispute.allows(before.status, 'submit')) {
      throw invalidState(
        `This dispute is ${before.status}: evidence is no longer taken.`,
        'dispute_evidence_closed',
      );
    }
    const was = await showOne(tx, before);
    const changed = store.update(tx, before, {
      evidence: mergeEvidence(before.evidence, (evidence ?? {}) as Record<string, string>),
      metadata: mergeMetadata(before.metadata, metadata),
    });
    const row = submits ? submitted(tx, changed) : changed;
    const shown = await showOne(tx, row);
    await tx.announce('charge.dispute.updated', shown, was);
    return shown;
  },
});

function submitted(tx: Tx, row: store.DisputeRow): store.DisputeRow {
  return move(tx, row, 'submit', {
    submission_count: row.submission_count + 1,
    due_at: simulatedDecision(row) === null ? null : unix(tx.now) + REVIEW,
  });
}

export const close = command({
  route: 'POST /v1/disputes/:id/close',
  summary: 'Gives in to a dispute. There is no way back.',
  input: DisputeId,
  async run(tx, { id }) {
    const before = expectFound(await store.lock(tx, id), id);
    const decision = before.status.startsWith('warning') ? 'close' : 'lose';
    expectAllowed(before, decision);
    return showOne(tx, await decide(tx, before, decision));
  },
});

export const record = command({
  route: 'POST /v1/disputes',
  summary: 'Records a dispute that the acquirer told of. This route is ours.',
  input: RecordDispute,
  async run(tx, { charge: id, inquiry, network_reason_code, metadata, ...claim }) {
    await requireCharge(tx, id);
    const charge = await requireLocked(tx, id);
    const left = leftOf(charge);
    if (left === 0) {
      throw invalidState(
        `There is nothing left of charge ${id} that could be disputed.`,
        'charge_not_disputable',
        'charge',
      );
    }
    if (claim.amount !== undefined && claim.amount > left) {
      throw parameterInvalid(
        `Disputed amount (${formatMoney(claim.amount, charge.currency)}) is greater than what is left of the charge (${formatMoney(left, charge.currency)})`,
        'amount',
      );
    }
    const row = await open(tx, charge, {
      ...claim,
      case_type: inquiry === true ? 'inquiry' : 'chargeback',
      metadata: mergeMetadata({}, metadata),
      network_reason_code: network_reason_code ?? null,
    });
    return showOne(tx, row);
  },
});

export const conclude = command({
  route: 'POST /v1/disputes/:id/decide',
  summary: "Records the issuer's decision on a dispute. This route is ours.",
  input: DecideDispute,
  async run(tx, { id, decision }) {
    const before = expectFound(await store.lock(tx, id), id);
    expectAllowed(before, decision);
    return showOne(tx, await decide(tx, before, decision));
  },
});

function expectAllowed(row: store.DisputeRow, decision: Parameters<typeof decide>[2]): void {
  if (dispute.allows(row.status, decision)) return;
  throw invalidState(
    `This dispute is ${row.status}: it cannot ${decision} any more.`,
    'dispute_unexpected_state',
  );
}

function expectFound(row: store.DisputeRow | null, id: string): store.DisputeRow {
  if (row === null) throw resourceMissing('dispute', id);
  return row;
}

/** For `expand`. */
export const load = async (scope: Scope, ids: readonly string[]) =>
  show(scope, await store.findAll(scope, ids));
