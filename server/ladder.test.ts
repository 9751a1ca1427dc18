/** Each rung of the ladder, alone and in its place among the others. */
import { describe, expect, it } from 'vitest';
import { climb, ladder, type Lost, type Verdict } from './ladder';
import type { AttemptRow } from './processor_attempts';
import type { CallbackRow } from './processor_callbacks';
import {
  NoAnswer,
  type Approved,
  type Declined,
  type Finding,
  type Outcome,
  type Processor,
} from './processor/processor';

const NOW = new Date('2026-03-01T12:00:00Z');
const LATER = new Date(NOW.getTime() + 1);
const CHECKS = { address_line1_check: null, address_postal_code_check: null, cvc_check: null };
const APPROVED: Approved = {
  kind: 'approved',
  transaction: 'X1',
  authorization_code: null,
  checks: CHECKS,
};
const DECLINED: Declined = {
  kind: 'declined',
  transaction: 'X1',
  code: 'card_declined',
  decline_code: null,
  message: 'No.',
  checks: CHECKS,
};

type Script = Partial<
  Record<'inquire', Finding | 'silent'> & Record<'perform' | 'cancel' | 'heed', Outcome | 'silent'>
>;

/** A processor that answers as told, and notes what it was asked. */
function scripted(script: Script): Processor & { readonly asked: string[] } {
  const asked: string[] = [];
  const answer = <T>(verb: string, given: T | 'silent' | undefined): T => {
    asked.push(verb);
    if (given === undefined || given === 'silent') throw new NoAnswer(verb);
    return given;
  };
  const perform = async (): Promise<Outcome> => answer('perform', script.perform);
  return {
    asked,
    name: 'scripted',
    authorize: perform,
    resume: perform,
    capture: perform,
    refund: perform,
    cancel: async ({ transaction }) => answer(`cancel ${transaction}`, script.cancel),
    inquire: async ({ transaction }) => answer(`inquire ${transaction}`, script.inquire),
    heed: () => (script.heed === 'silent' ? null : (script.heed ?? null)),
  };
}

const attempt = (given: Partial<AttemptRow> = {}): AttemptRow => ({
  projectId: 1,
  livemode: true,
  id: 'att_1',
  status: 'pending',
  kind: 'authorize',
  processor: 'cardstream',
  processor_account: 'pacct_1',
  payment_intent: 'pi_1',
  setup_intent: null,
  payment_method: 'pm_1',
  token: null,
  charge: 'ch_1',
  setup_attempt: null,
  refund: null,
  processor_token: 'X0',
  amount: 1000,
  currency: 'gbp',
  capture: true,
  off_session: false,
  error_on_requires_action: false,
  use_stripe_sdk: false,
  authentication: null,
  latitudes: [],
  final: true,
  statement_descriptor: null,
  agreement: 'none',
  initiator: 'customer',
  previous: null,
  request_three_d_secure: 'automatic',
  billing: null,
  browser: null,
  step: null,
  answer: null,
  refundable: null,
  kept: null,
  transaction: null,
  reason: null,
  outcome: null,
  arrived_as: null,
  decision: null,
  inquiries: 1,
  inquire_at: NOW,
  created: NOW.getTime() / 1000,
  ...given,
});

const callback = (given: Partial<CallbackRow> = {}): CallbackRow => ({
  projectId: 1,
  livemode: true,
  id: 'pcb_1',
  processor_account: 'pacct_1',
  reference: 'att_1',
  transaction: 'X1',
  action: 'SALE',
  state: 'captured',
  response_code: '0',
  digest: '',
  fields: [['responseCode', '0']],
  received_at: NOW,
  ...given,
});

/** Climbs; answers the verdict, and what the processor was asked on the way. */
async function climbing(
  script: Script,
  given: Partial<Omit<Lost, 'processor'>> = {},
): Promise<Verdict & { asked: string[] }> {
  const processor = scripted(script);
  const lost = { attempt: attempt(), callbacks: [], now: NOW, horizon: LATER, ...given };
  return { ...(await climb({ ...lost, processor })), asked: processor.asked };
}

/** The horizon has been reached. */
const PAST = { horizon: NOW };

const outcome = (of: Outcome) => ({ kind: 'outcome', outcome: of });
const GIVEN_UP = { kind: 'outcome', outcome: { kind: 'declined', code: 'processing_error' } };

describe('the ladder', () => {
  it('has its rungs in the order in which they are sure', () => {
    expect(ladder.map(({ name }) => name)).toEqual([
      'decision',
      'callback',
      'inquiry',
      'repeat',
      'patience',
      'reversal',
      'person',
    ]);
  });

  describe('decision', () => {
    it('is believed, and the processor is not asked', async () => {
      const given = { attempt: attempt({ decision: APPROVED }) };
      const found = await climbing({ inquire: DECLINED, heed: DECLINED }, given);
      expect(found).toEqual({ ...outcome(APPROVED), asked: [] });
    });
  });

  describe('callback', () => {
    it('is believed before the processor is asked', async () => {
      const found = await climbing({ heed: APPROVED }, { callbacks: [callback()] });
      expect(found).toEqual({ ...outcome(APPROVED), asked: [] });
    });

    it('counts for the attempt that it names, and for no other', async () => {
      const other = [
        callback({ reference: 'att_2' }),
        callback({ action: 'CAPTURE:SALE' }),
        callback({ response_code: '65554' }),
      ];
      for (const one of other) {
        const found = await climbing({ heed: DECLINED, inquire: APPROVED }, { callbacks: [one] });
        expect(found).toMatchObject(outcome(APPROVED));
      }
    });

    it('names a resumed payment by its transaction', async () => {
      const resumed = attempt({ id: 'att_2', kind: 'resume', transaction: 'X1' });
      const found = await climbing(
        { heed: APPROVED },
        { attempt: resumed, callbacks: [callback()] },
      );
      expect(found).toMatchObject(outcome(APPROVED));
    });

    it('that says nothing certain tells at least by which id to look', async () => {
      const found = await climbing(
        { heed: 'silent', inquire: APPROVED },
        { callbacks: [callback()] },
      );
      expect(found).toEqual({ ...outcome(APPROVED), asked: ['inquire X1'] });
    });
  });

  describe('inquiry', () => {
    it.each([APPROVED, DECLINED])('finds out: $kind', async (known) => {
      const found = await climbing({ inquire: known });
      expect(found).toEqual({ ...outcome(known), asked: ['inquire null'] });
    });

    it('goes by the id under which it is known to have arrived', async () => {
      const found = await climbing(
        { inquire: APPROVED },
        { attempt: attempt({ arrived_as: 'X7' }) },
      );
      expect(found.asked).toEqual(['inquire X7']);
    });
  });

  describe('repeat', () => {
    it('sends again what never arrived', async () => {
      const found = await climbing({ inquire: { kind: 'unheard' }, perform: APPROVED });
      expect(found).toEqual({ ...outcome(APPROVED), asked: ['inquire null', 'perform'] });
    });

    it('does not send what has arrived', async () => {
      const arrived: Finding = { kind: 'arrived', transaction: 'X1' };
      const found = await climbing({ inquire: arrived, perform: APPROVED });
      expect(found).toEqual({ kind: 'waiting', transaction: 'X1', asked: ['inquire null'] });
    });

    it('does not charge a payer who expects it no longer', async () => {
      const found = await climbing({ inquire: { kind: 'unheard' }, perform: APPROVED }, PAST);
      expect(found).toMatchObject({ ...GIVEN_UP, asked: ['inquire null'] });
    });
  });

  describe('patience', () => {
    it('waits while nobody can be asked', async () => {
      const found = await climbing({ inquire: 'silent' });
      expect(found).toEqual({ kind: 'waiting', transaction: null, asked: ['inquire null'] });
    });

    it('waits where it was sent again and not answered', async () => {
      const found = await climbing({ inquire: { kind: 'unheard' }, perform: 'silent' });
      expect(found).toMatchObject({ kind: 'waiting', transaction: null });
    });
  });

  describe('reversal', () => {
    const arrived: Finding = { kind: 'arrived', transaction: 'X1' };

    it('undoes what has arrived, and gives the payment up', async () => {
      const found = await climbing({ inquire: arrived, cancel: APPROVED }, PAST);
      expect(found).toMatchObject({ ...GIVEN_UP, asked: ['inquire null', 'cancel X1'] });
    });

    it('gives up a card that was only to be verified', async () => {
      const given = { ...PAST, attempt: attempt({ kind: 'verify', amount: 0 }) };
      expect(await climbing({ inquire: arrived }, given)).toMatchObject(GIVEN_UP);
    });

    it.each(['capture', 'cancel', 'refund'] as const)('never undoes a %s', async (kind) => {
      const given = { ...PAST, attempt: attempt({ kind, transaction: 'X1', arrived_as: 'X2' }) };
      const found = await climbing({ inquire: arrived, cancel: APPROVED }, given);
      expect(found).toMatchObject({ kind: 'person' });
      expect(found.asked).not.toContain('cancel X1');
    });
  });

  describe('person', () => {
    it.each(['silent', DECLINED] as const)(
      'decides where nothing could be undone',
      async (told) => {
        const arrived: Finding = { kind: 'arrived', transaction: 'X1' };
        const found = await climbing({ inquire: arrived, cancel: told }, PAST);
        expect(found).toMatchObject({ kind: 'person', transaction: 'X1' });
      },
    );

    it('is asked about what the processor has waited for too long, and it may wait on', async () => {
      const pending: Finding = { kind: 'pending', transaction: 'X1' };
      const given = { attempt: attempt({ kind: 'refund', transaction: 'X1' }) };
      expect(await climbing({ inquire: pending }, given)).toMatchObject(outcome(pending));
      expect(await climbing({ inquire: pending }, { ...given, ...PAST })).toMatchObject({
        kind: 'person',
        outcome: pending,
      });
    });

    it('decides where not even the transaction is known', async () => {
      const found = await climbing({ inquire: { kind: 'arrived', transaction: null } }, PAST);
      expect(found).toMatchObject({ kind: 'person', transaction: null, asked: ['inquire null'] });
    });
  });

  it('throws what is no lost answer: a fault of ours is none of the processor', async () => {
    const broken = { ...scripted({}), inquire: () => Promise.reject(new TypeError('ours')) };
    const lost = { attempt: attempt(), callbacks: [], now: NOW, horizon: LATER, processor: broken };
    await expect(climb(lost)).rejects.toThrow(TypeError);
  });
});
