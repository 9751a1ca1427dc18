import { afterEach, describe, expect, it, vi } from 'vitest';
import { NoAnswer, type Outcome, type Processor, type Refund } from '../processor';
import { asking, but, CARD, connect, NOW, PAID, refusedWith, respond, XREF } from './line.case';
import { decodeFields, type Fields } from './fields';

const standing = (state: string, received = 1_000, more: Record<string, string> = {}): Fields =>
  but(PAID, { action: 'QUERY:SALE', state, amountReceived: String(received), ...more });

const captured = (received: number): Fields =>
  but(standing('captured', received), { action: 'CAPTURE:SALE' });

const CANCELED = but(standing('canceled', 0), { action: 'CANCEL:SALE' });

const UNKNOWN = but(refusedWith(66_341, 'ERROR CODE (RC_INVALID_XREF)'), {
  xref: 'another',
  transactionID: undefined,
});

const SETTLE = { reference: 'att_settle', transaction: XREF, amount: 1_000, currency: 'gbp' };

const actions = (requests: readonly Fields[]): string[] =>
  requests.map((fields) => {
    const { action = '', amount } = Object.fromEntries(fields);
    return amount === undefined ? action : `${action} ${amount}`;
  });

describe('capture', () => {
  it.each<[string, Fields, Fields | null, object]>([
    ['takes what is held', standing('approved'), captured(1_000), { kind: 'approved' }],
    ['has taken it already', standing('captured'), null, { kind: 'approved' }],
    ['has settled it already', standing('accepted'), null, { kind: 'approved' }],
    ['took another amount', standing('captured', 400), null, { code: 'charge_already_captured' }],
    ['finds too little', standing('approved', 400), null, { code: 'amount_too_large' }],
    ['finds it canceled', standing('canceled', 0), null, { code: 'charge_expired_for_capture' }],
    ['finds a decline', standing('declined', 0), null, { code: 'charge_not_authorized' }],
    [
      'finds another currency',
      standing('approved', 1_000, { currencyCode: '978' }),
      null,
      { code: 'invalid_currency' },
    ],
    ['finds nothing', UNKNOWN, null, { kind: 'declined', code: 'resource_missing' }],
  ])('%s', async (_name, query, change, outcome) => {
    const { processor, requests } = connect(change === null ? [query] : [query, change]);
    expect(await processor.capture(SETTLE)).toMatchObject(outcome);
    expect(actions(requests)).toEqual(change === null ? ['QUERY'] : ['QUERY', 'CAPTURE 1000']);
  });

  it.each([[standing('approved')], [captured(999)], [but(captured(1_000), { xref: 'another' })]])(
    'believes in no success that does not stand so',
    async (reply) => {
      const change = but(reply, { action: 'CAPTURE:SALE' });
      const { processor } = connect([standing('approved'), change]);
      await expect(processor.capture(SETTLE)).rejects.toBeInstanceOf(NoAnswer);
    },
  );

  it('says nothing of a new transaction, which the gateway would refuse', async () => {
    const { processor, sent } = connect([standing('approved'), captured(1_000)]);
    await processor.capture(SETTLE);
    expect(sent(0)).toEqual({ action: 'QUERY', xref: XREF });
    expect(sent(1)).toEqual({
      action: 'CAPTURE',
      xref: XREF,
      amount: '1000',
      callbackURL: 'https://pay.example/callback',
    });
  });
});

describe('a change of a transaction', () => {
  afterEach(() => void vi.useRealTimers());

  /** A gateway that takes its time over each answer, in milliseconds; when each request had to end. */
  const slow = (each: number, query: Fields, change: Fields, deadlineMs: number) => {
    vi.useFakeTimers();
    const left: number[] = [];
    const replies = [query, change];
    const { processor } = connect([], {
      deadlineMs,
      post: async (_url, form, within) => {
        left.push(within);
        vi.advanceTimersByTime(each);
        return respond(decodeFields(form), replies.shift() ?? []);
      },
    });
    return { processor, left };
  };

  it('has what the look before it left of the time', async () => {
    const { processor, left } = slow(100, standing('approved'), captured(1_000), 150);
    expect(await processor.capture(SETTLE)).toMatchObject({ kind: 'approved' });
    expect(left).toEqual([150, 50]);
  });

  it.each<[string, (processor: Processor) => Promise<Outcome>, Fields, object]>([
    ['canceled', (it) => it.cancel(SETTLE), CANCELED, { kind: 'approved', transaction: XREF }],
    ['captured', (it) => it.capture(SETTLE), captured(1_000), { kind: 'approved' }],
    ['captured', (it) => it.cancel(SETTLE), captured(1_000), { code: 'charge_not_in_state' }],
    ['captured in part', (it) => it.capture(SETTLE), captured(1), { code: 'charge_not_in_state' }],
  ])('that is refused was made by another request: it is %s', async (_name, act, now, outcome) => {
    const then = but(now, { action: 'QUERY:SALE' });
    const { processor, requests } = connect([standing('approved'), refusedWith(65_541), then]);
    expect(await act(processor)).toMatchObject(outcome);
    expect(actions(requests).at(-1)).toBe('QUERY');
  });

  // Whoever waited has gone, and what the look showed may have been changed by then.
  it.each<[string, (processor: Processor) => Promise<Outcome>, Fields]>([
    ['capture', (it) => it.capture(SETTLE), standing('approved')],
    ['cancel', (it) => it.cancel(SETTLE), standing('approved')],
    ['refund', (it) => it.refund({ ...SETTLE, refundable: 1_000 }), standing('captured')],
    [
      'refund of what is settled',
      (it) => it.refund({ ...SETTLE, refundable: 1_000 }),
      standing('accepted'),
    ],
  ])('is not sent once that is over: %s', async (_name, change, query) => {
    const { processor, left } = slow(150, query, captured(1_000), 150);
    await expect(change(processor)).rejects.toBeInstanceOf(NoAnswer);
    expect(left).toEqual([150]);
  });
});

describe('cancel', () => {
  it.each<[string, Fields, boolean, object]>([
    ['gives up what is held', standing('approved'), true, { kind: 'approved' }],
    ['gives up what waits for its cardholder', standing('received', 0), true, { kind: 'approved' }],
    ['has done so already', standing('canceled', 0), false, { kind: 'approved' }],
    // The gateway would: that is a refund, and not what was asked.
    [
      'leaves alone what is captured',
      standing('captured'),
      false,
      { code: 'charge_already_captured' },
    ],
    [
      'leaves alone what is settled',
      standing('accepted'),
      false,
      { code: 'charge_already_captured' },
    ],
    ['finds a decline', standing('declined', 0), false, { code: 'charge_not_authorized' }],
  ])('%s', async (_name, query, isSent, outcome) => {
    const { processor, requests } = connect(isSent ? [query, CANCELED] : [query]);
    const { reference, transaction } = SETTLE;
    expect(await processor.cancel({ reference, transaction })).toMatchObject(outcome);
    expect(actions(requests)).toEqual(isSent ? ['QUERY', 'CANCEL'] : ['QUERY']);
  });
});

describe('refund', () => {
  const REFUNDED = but(PAID, {
    action: 'REFUND_SALE',
    amount: '300',
    amountReceived: '300',
    xref: '22111711RR00RR00RR00RRR',
  });
  const refund = (over: Partial<Refund> = {}): Refund => ({
    ...SETTLE,
    amount: 300,
    refundable: 1_000,
    ...over,
  });

  it.each<[string, Fields[], Partial<Refund>, string[], object]>([
    [
      'settles less of what is not settled',
      [standing('captured'), captured(700)],
      {},
      ['QUERY', 'CAPTURE 700'],
      { kind: 'approved' },
    ],
    [
      'settles nothing of it',
      [standing('captured'), CANCELED],
      { amount: 1_000 },
      ['QUERY', 'CANCEL'],
      { kind: 'approved' },
    ],
    [
      'waits while it is being settled',
      [standing('tendered')],
      {},
      ['QUERY'],
      { kind: 'pending', transaction: XREF },
    ],
    [
      'waits while settlement is put off',
      [standing('deferred')],
      {},
      ['QUERY'],
      { kind: 'pending' },
    ],
    [
      'waits where it went off to settlement meanwhile',
      [standing('captured'), refusedWith(65_541), standing('tendered')],
      {},
      ['QUERY', 'CAPTURE 700', 'QUERY'],
      { kind: 'pending' },
    ],
    [
      'was made by another request meanwhile',
      [standing('captured'), refusedWith(65_541), standing('captured', 700)],
      {},
      ['QUERY', 'CAPTURE 700', 'QUERY'],
      { kind: 'approved', transaction: XREF },
    ],
    [
      'gives back what is settled',
      [standing('accepted'), REFUNDED],
      {},
      ['QUERY', 'REFUND_SALE 300'],
      { kind: 'approved', transaction: '22111711RR00RR00RR00RRR' },
    ],
    [
      'was made already, by settling less',
      [standing('captured', 700)],
      {},
      ['QUERY'],
      { kind: 'approved' },
    ],
    [
      'was made already, and then settled',
      [standing('accepted', 700)],
      {},
      ['QUERY'],
      { kind: 'approved' },
    ],
    [
      'was made already, after settlement',
      [standing('accepted', 1_000, { amountRefunded: '300' })],
      {},
      ['QUERY'],
      { kind: 'approved' },
    ],
    [
      'was made already, by a cancellation',
      [standing('canceled', 0)],
      { amount: 1_000 },
      ['QUERY'],
      { kind: 'approved' },
    ],
    [
      'waits for the refund before it',
      [standing('captured')],
      { refundable: 700 },
      ['QUERY'],
      { kind: 'pending' },
    ],
    [
      'of more than there is',
      [standing('captured')],
      { amount: 1_001 },
      ['QUERY'],
      { code: 'amount_too_large' },
    ],
    [
      'of what was only authorized',
      [standing('approved')],
      {},
      ['QUERY'],
      { code: 'charge_not_captured' },
    ],
    [
      'of what was declined',
      [standing('declined', 0)],
      {},
      ['QUERY'],
      { code: 'charge_not_captured' },
    ],
    [
      'of what settlement rejected',
      [standing('rejected')],
      {},
      ['QUERY'],
      { code: 'charge_not_captured' },
    ],
    ['of nothing', [UNKNOWN], {}, ['QUERY'], { code: 'resource_missing' }],
  ])('%s', async (_name, replies, over, asked, outcome) => {
    const { processor, requests } = connect(replies);
    expect(await processor.refund(refund(over))).toMatchObject(outcome);
    expect(actions(requests)).toEqual(asked);
  });

  it('of a settled sale is a transaction of its own, known when it comes twice', async () => {
    const { processor, sent } = connect([standing('accepted'), REFUNDED]);
    await processor.refund(refund());
    expect(sent(1)).toMatchObject({
      xref: XREF,
      transactionUnique: 'att_settle',
      duplicateDelay: '9999',
      currencyCode: '826',
    });
  });

  it('that came twice is no answer, until the sale says that it was made', async () => {
    const { processor } = connect([standing('accepted'), refusedWith(65_554, 'REQUEST DUPLICATE')]);
    await expect(processor.refund(refund())).rejects.toBeInstanceOf(NoAnswer);
  });
});

describe('an inquiry', () => {
  const asked = { verb: 'authorize', request: asking() } as const;
  const { reference } = asked.request;
  const inquiry = { reference, transaction: null, asked, sent_at: NOW, now: NOW };
  const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
  const DUPLICATE = but(refusedWith(65_554, 'REQUEST DUPLICATE'), {
    xref: '22111612DD00DD00DD00DDD',
    transactionID: undefined,
  });

  it('sends the same again while the gateway would know it, and takes the result', async () => {
    const { processor, requests } = connect([PAID]);
    await processor.authorize(asked.request);
    const again = connect([PAID]);
    const finding = await again.processor.inquire({ ...inquiry, now: later(9_000) });
    expect(finding).toMatchObject({ kind: 'approved', transaction: XREF });
    expect(again.requests).toEqual(requests);
  });

  it('sends nothing again once the gateway may have forgotten', async () => {
    const { processor, requests } = connect([]);
    expect(await processor.inquire({ ...inquiry, now: later(9_400) })).toEqual({
      kind: 'arrived',
      transaction: null,
    });
    expect(requests).toEqual([]);
  });

  it('says that it arrived where the gateway had it before', async () => {
    const gone = but(UNKNOWN, { action: 'QUERY' });
    const { processor } = connect([DUPLICATE, gone]);
    expect(await processor.inquire(inquiry)).toEqual({ kind: 'arrived', transaction: null });
  });

  it('takes the word of a duplicate for the first one only where that is ours', async () => {
    const first = standing('captured', 1_000, { transactionUnique: reference });
    for (const [query, kind] of [
      [but(first, { xref: '22111612DD00DD00DD00DDD' }), 'approved'],
      [but(first, { xref: '22111612DD00DD00DD00DDD', transactionUnique: 'att_other' }), 'arrived'],
      [but(first, { xref: '22111612DD00DD00DD00DDD', state: 'finished' }), 'arrived'],
    ] as const) {
      const { processor } = connect([DUPLICATE, query]);
      expect(await processor.inquire(inquiry)).toMatchObject({ kind });
    }
  });

  it.each<[string, Record<string, string>, object]>([
    ['captured', {}, { kind: 'approved', transaction: XREF }],
    ['accepted', {}, { kind: 'approved' }],
    ['captured', { amountReceived: '400' }, { kind: 'arrived' }],
    [
      'declined',
      { originalResponseCode: '51', amountReceived: '0' },
      { decline_code: 'insufficient_funds' },
    ],
    ['declined', { amountReceived: '0' }, { kind: 'declined', decline_code: 'do_not_honor' }],
    [
      'finished',
      { responseCode: '65803', amountReceived: '0' },
      { code: 'authentication_failure' },
    ],
    ['reversed', { originalResponseCode: '5', amountReceived: '0' }, { kind: 'declined' }],
    ['canceled', { amountReceived: '0' }, { kind: 'declined' }],
    ['received', { amountReceived: '0' }, { kind: 'arrived', transaction: XREF }],
    ['rejected', {}, { kind: 'arrived' }],
  ])('about a transaction that is %s %o', async (state, change, finding) => {
    const { processor, requests } = connect([but(standing(state), change)]);
    expect(await processor.inquire({ ...inquiry, transaction: XREF })).toMatchObject(finding);
    expect(actions(requests)).toEqual(['QUERY']);
  });

  it('about a refund looks at the sale again, and gives back once', async () => {
    const request: Refund = { ...SETTLE, amount: 300, refundable: 1_000 };
    const made = connect([standing('accepted', 1_000, { amountRefunded: '300' })]);
    const about = { ...inquiry, transaction: XREF, asked: { verb: 'refund', request } as const };
    expect(await made.processor.inquire(about)).toMatchObject({ kind: 'approved' });
    // Too late for the gateway to know it again, and it does not tell what it gave back.
    const untold = connect([standing('accepted')]);
    const late = untold.processor.inquire({ ...about, now: later(10_000) });
    await expect(late).rejects.toBeInstanceOf(NoAnswer);
    expect(actions(untold.requests)).toEqual(['QUERY']);
    // Nothing was under way: it had only waited for the settlement.
    const fresh = connect([
      standing('accepted'),
      but(PAID, { action: 'REFUND_SALE', amount: '300', xref: 'refund' }),
    ]);
    expect(
      await fresh.processor.inquire({ ...about, sent_at: null, now: later(90_000) }),
    ).toMatchObject({ kind: 'approved', transaction: 'refund' });
  });

  describe('about an answer of the cardholder', () => {
    const resumption = (expires: Date) => {
      const step = {
        kind: 'frame',
        visible: true,
        url: 'https://acs.example/',
        parts: [['creq', 'x']],
        continuation: 'ref',
        round: 1,
        expires: expires.getTime() / 1000,
      } as const;
      const request = {
        reference: 'att_resume',
        transaction: XREF,
        step,
        answer: [['cres', 'y']],
        authorization: asking({ card: { token: CARD } }),
      } as const;
      return { ...inquiry, transaction: XREF, asked: { verb: 'resume', request } as const };
    };
    const ARRIVED = { kind: 'arrived', transaction: XREF };

    it('that was lost gives it again', async () => {
      const about = resumption(later(1_800));
      const waiting = connect([standing('received', 0), PAID]);
      expect(await waiting.processor.inquire(about)).toMatchObject({ kind: 'approved' });
      const done = connect([standing('captured')]);
      expect(await done.processor.inquire(about)).toMatchObject({ kind: 'approved' });
      expect(actions(done.requests)).toEqual(['QUERY']);
    });

    it.each([
      ['in time', later(1_800)],
      ['when its time is over', later(-1)],
    ])('concludes nothing where the gateway does not say how it stands, %s', async (_, expires) => {
      const unsaid = but(refusedWith(65_548, 'DATABASE ERROR'), { transactionID: undefined });
      const { processor, requests } = connect([unsaid]);
      const about = { ...resumption(expires), sent_at: later(-60) };
      expect(await processor.inquire(about)).toEqual(ARRIVED);
      expect(actions(requests)).toEqual(['QUERY']);
    });

    it('that was sent in time is not declined because the time is over', async () => {
      const { processor, requests } = connect([standing('received', 0)]);
      const about = { ...resumption(later(-1)), sent_at: later(-60) };
      expect(await processor.inquire(about)).toEqual(ARRIVED);
      expect(actions(requests)).toEqual(['QUERY']);
    });

    it('that came too late, and was never sent, is declined', async () => {
      const { processor, requests } = connect([standing('received', 0)]);
      const finding = await processor.inquire({ ...resumption(later(-60)), sent_at: later(-1) });
      expect(finding).toMatchObject({ kind: 'declined', code: 'authentication_failure' });
      expect(actions(requests)).toEqual(['QUERY']);
    });
  });
});
