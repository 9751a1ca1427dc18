import { describe, expect, it } from 'vitest';
import { NoAnswer } from '../processor';
import { fieldOf, meaningOf } from './codes';
import { asking, but, CARD, connect, PAID, refusedWith } from './line.case';

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** A code of two characters as the gateway counts it: base 36 plus 100. */
const two = (code: string): number => parseInt(code, 36) + 100;

const ALPHANUMERIC =
  'B1 B2 5C 6P 9G M1 M2 M3 N0 N3 N4 N5 N7 N8 P2 P5 P6 Q1 R0 R1 R3 T0 T1 T2 T3 T4 T5 T6 T7 XA XD Z3 Z5 Z6';

/** Reserved, or known to exist and nothing more. */
const RESERVED = [65_538, 65_560, 65_574, 65_577, 65_578, 65_579, 65_580, 65_798, 65_799, 65_801];

const GENERAL = range(65_536, 65_576).filter((code) => !RESERVED.includes(code));
const THREE_D_SECURE = range(65_792, 65_804).filter((code) => !RESERVED.includes(code));
const CHECKOUT = range(65_824, 65_830);
const RISK = range(65_856, 65_862);

const DOCUMENTED = [
  ...range(0, 99),
  ...ALPHANUMERIC.split(' ').map(two),
  ...GENERAL,
  ...THREE_D_SECURE,
  ...CHECKOUT,
  ...RISK,
];

const UNSURE = [
  9, 10, 11, 16, 32, 65_536, 65_537, 65_548, 65_549, 65_550, 65_551, 65_552, 65_553, 65_555, 65_565,
  65_571, 65_792, 65_804, 65_824, 65_829, 65_856,
];

describe('every code of the reference', () => {
  it('has a meaning', () => {
    expect(DOCUMENTED.filter((code) => meaningOf(code) === null)).toEqual([]);
  });

  it('is approved, a challenge or a duplicate in one place each', () => {
    const kinds = (kind: string) => DOCUMENTED.filter((code) => meaningOf(code)?.kind === kind);
    expect(kinds('approved')).toEqual([0]);
    expect(kinds('challenge')).toEqual([65_802]);
    expect(kinds('duplicate')).toEqual([65_554]);
    expect(kinds('unsure')).toEqual(UNSURE);
  });

  it('reads in words that Stripe has', async () => {
    const table = DOCUMENTED.map((code) => {
      const meaning = meaningOf(code);
      const reason = meaning !== null && 'reason' in meaning ? meaning.reason : null;
      return `${code} ${meaning?.kind} ${[reason?.code, reason?.decline_code].filter(Boolean).join(' ')}`;
    });
    await expect(`${table.map((row) => row.trim()).join('\n')}\n`).toMatchFileSnapshot(
      './codes.snapshot.txt',
    );
  });

  it('of a field says which, when it is missing and when it is wrong', () => {
    for (const [code, field] of [
      [66_049, 'merchantID'],
      [66_305, 'merchantID'],
      [66_341, 'xref'],
      [66_594, 'threeDSRedirectURL'],
      [66_850, 'threeDSRedirectURL'],
    ] as const) {
      expect(fieldOf(code)).toBe(field);
      expect(meaningOf(code)?.kind).toBe('refused');
    }
    expect(meaningOf(66_320)).toMatchObject({ reason: { code: 'invalid_cvc' } });
    expect(meaningOf(66_314)).toMatchObject({ reason: { code: 'incorrect_number' } });
  });

  it.each([...RESERVED, 100, 9_999, 65_700, 66_051, 66_188, 66_700, 99_999])(
    'does not take in %i, which no document explains',
    (code) => {
      expect(meaningOf(code)).toBeNull();
    },
  );
});

describe('an answer with a code', () => {
  const CASES = DOCUMENTED.filter((code) => ![0, 65_554, 65_802].includes(code));

  it('that declines or refuses is a decline, and no other ever pays', async () => {
    for (const code of CASES) {
      const { processor } = connect([refusedWith(code)]);
      const told = await processor.authorize(asking()).catch((error: unknown) => error);
      if (UNSURE.includes(code)) expect(told, String(code)).toBeInstanceOf(NoAnswer);
      else expect(told, String(code)).toMatchObject({ kind: 'declined' });
    }
  });

  it('that nobody knows is no answer, and is logged', async () => {
    for (const code of [...RESERVED, 100, 99_999]) {
      const { processor, logged } = connect([refusedWith(code)]);
      await expect(processor.authorize(asking())).rejects.toBeInstanceOf(NoAnswer);
      expect(logged[0]).toMatchObject({
        level: 'error',
        facts: { answer: { responseCode: `${code}` } },
      });
    }
  });

  it.each(['approved', 'captured', 'received', 'tendered', 'whatever'])(
    'that declines, of a transaction that is %s, is no answer',
    async (state) => {
      const { processor } = connect([but(refusedWith(5), { state })]);
      await expect(processor.authorize(asking())).rejects.toBeInstanceOf(NoAnswer);
    },
  );

  it.each([1, 2])('of a referral, %i, is a decline: there is no telephone here', async (code) => {
    const { processor } = connect([but(refusedWith(code, 'CARD REFERRED'), { state: 'referred' })]);
    expect(await processor.authorize(asking())).toMatchObject({
      kind: 'declined',
      decline_code: 'call_issuer',
    });
  });

  it.each([
    ['1', 'confirm_card_data'],
    ['2', 'try_again_later'],
    ['3', 'do_not_try_again'],
    ['4', 'do_not_try_again'],
    ['0', null],
    [undefined, null],
  ])('and the advice %s of the network says %s', async (rtAdviceCode, advice) => {
    const { processor } = connect([but(refusedWith(51), { rtAdviceCode })]);
    expect(await processor.authorize(asking())).toMatchObject({ advice });
  });
});

describe('the guard before anything is paid', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['a state that holds nothing', { state: 'finished' }],
    ['a state that waits', { state: 'received' }],
    ['a reversal', { state: 'reversed' }],
    ['no state', { state: undefined }],
    ['another amount', { amountReceived: '999' }],
    ['an amount in pounds', { amountReceived: '10.00' }],
    ['no amount', { amountReceived: undefined }],
    ['another currency', { currencyCode: '978' }],
    ['the transaction that only brought the card', { xref: CARD }],
  ])('refuses to believe a success with %s', async (_name, change) => {
    const { processor, logged } = connect([but(PAID, change)]);
    await expect(processor.authorize(asking())).rejects.toBeInstanceOf(NoAnswer);
    expect(logged[0]?.level).toBe('error');
  });

  it.each(['approved', 'captured', 'tendered', 'accepted'])('believes %s', async (state) => {
    const { processor } = connect([but(PAID, { state })]);
    expect(await processor.authorize(asking())).toMatchObject({ kind: 'approved' });
  });

  it.each([
    ['0', 'verified', true],
    ['85', 'verified', true],
    ['0', 'captured', false],
    ['0', 'declined', false],
  ])('of a check believes %s with %s: %s', async (responseCode, state, isBelieved) => {
    const { processor } = connect([but(PAID, { responseCode, state, amountReceived: '0' })]);
    const told = await processor.authorize(asking({ amount: 0 })).catch((error: unknown) => error);
    if (isBelieved) expect(told).toMatchObject({ kind: 'approved' });
    else expect(told).toBeInstanceOf(NoAnswer);
  });

  it('takes 85 of a payment for what it is: a decline', async () => {
    const { processor } = connect([refusedWith(85)]);
    expect(await processor.authorize(asking())).toMatchObject({ kind: 'declined' });
  });
});
