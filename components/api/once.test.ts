import { TRPCClientError, type Operation } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { beforeEach, expect, it } from 'vitest';
import { once } from './once';

/** The keys that the server was sent, in order; null where none was. */
let sent: (string | null)[];
/** What it says to each. */
let says: 'yes' | 'nothing' | 400 | 409 | 500;
let send: ReturnType<ReturnType<typeof once>>;

beforeEach(() => {
  sent = [];
  says = 'yes';
  send = once()({});
});

const refusal = (httpStatus: number) =>
  TRPCClientError.from({ error: { code: 0, message: '', data: { httpStatus } } } as never);

function ask(path: string, input: object, type: Operation['type'] = 'mutation') {
  const op = { id: 1, type, path, input, context: {}, signal: null } as Operation;
  send({
    op,
    next: ({ input: given }) =>
      observable((observer) => {
        sent.push((given as { idempotency_key?: string }).idempotency_key ?? null);
        if (says === 'yes') observer.next({ result: { type: 'data', data: {} } } as never);
        else if (says === 'nothing') observer.error(TRPCClientError.from(new Error('gone')));
        else observer.error(refusal(says));
      }),
  }).subscribe({ error: () => undefined });
}

const refund = { payment_intent: 'pi_1', amount: 1_000 };

it.each(['nothing', 409, 500] as const)('has one key until there is an answer, not %s', (none) => {
  says = none;
  ask('refunds.create', refund);
  ask('refunds.create', refund);
  says = 'yes';
  ask('refunds.create', refund);
  expect(new Set(sent).size).toBe(1);
  expect(sent[0]).toMatch(/^[0-9a-f]{32}$/);
});

it.each(['yes', 400] as const)('has a new key after an answer: %s', (answer) => {
  says = answer;
  ask('refunds.create', refund);
  ask('refunds.create', refund);
  expect(new Set(sent).size).toBe(2);
});

it('has another key for another change', () => {
  says = 'nothing';
  ask('refunds.create', refund);
  ask('refunds.create', { ...refund, amount: 999 });
  expect(new Set(sent).size).toBe(2);
});

it('has none for what changes nothing, or is not of the API', () => {
  ask('refunds.list', {}, 'query');
  ask('invoicePreviews.createPreview', {});
  ask('dashboard.members.invite', {});
  expect(sent).toEqual([null, null, null]);
});
