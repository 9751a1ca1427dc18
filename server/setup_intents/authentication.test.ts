/**
 * Each of Stripe's test cards for 3-D Secure (https://docs.stripe.com/testing#regulatory-cards), paid
 * with and saved in every way that its row tells about; and what a charge tells of each path.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { charges } from '@/server/charges';
import { settle } from '@/server/conclusions';
import { customers } from '@/server/customers';
import { ApiError } from '@/server/kernel/errors';
import { find as findAttempt } from '@/server/processor_attempts';
import { answerSimulatedChallenge } from '@/server/processor';
import type { Outcome } from '@/server/processor/processor';
import { payment_intents, resume } from '@/server/payment_intents';
import { setup_attempts } from '@/server/setup_attempts';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { resumeSetup, setup_intents } from '.';

let world: TestWorld;
let tenant: TestTenant;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
});

const pays = payment_intents.operations;
const saves = setup_intents.operations;

type Payment = Parameters<typeof ask<typeof pays.create>>[2];

/** How a try ends: the status of its intent, or the code that it was refused with. */
interface Ending {
  readonly id: string;
  readonly end: string;
}

/** An intent, or the error of one that was refused, with the intent inside. */
async function endOf(
  name: 'payment_intent' | 'setup_intent',
  call: Promise<{ id: string; status: string }>,
): Promise<Ending> {
  try {
    const { id, status } = await call;
    return { id, end: status };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, decline_code } = error.details;
    const intent = (error.details as Record<string, { id: string } | undefined>)[name];
    return { id: intent?.id ?? '', end: decline_code ?? code ?? '' };
  }
}

const pay = (payment_method: string, over: Partial<Payment> = {}): Promise<Ending> =>
  endOf(
    'payment_intent',
    ask(tenant, pays.create, {
      amount: 1_000,
      currency: 'gbp',
      payment_method,
      confirm: true,
      ...over,
    }),
  );

const requesting = (request_three_d_secure: 'any' | 'challenge'): Partial<Payment> => ({
  payment_method_options: { card: { request_three_d_secure } },
});

const attemptOf = ({ next_action }: { next_action: unknown }): string => {
  const { redirect_to_url, use_stripe_sdk } = next_action as {
    redirect_to_url?: { url: string };
    use_stripe_sdk?: { stripe_js: string };
  };
  return (redirect_to_url?.url ?? use_stripe_sdk?.stripe_js ?? '').split('/').at(-1) ?? '';
};

/** The cardholder answers at the bank, and comes back. */
async function answer(attempt: string, passed: boolean, isSetup = false): Promise<void> {
  const { ctx, projectId } = tenant;
  const met = await ctx.transaction((tx) => findAttempt(tx, attempt));
  if (met === null) throw new Error(`There is no ${attempt}.`);
  const { transaction } = met.outcome as Extract<Outcome, { kind: 'challenge' }>;
  const where = { projectId, livemode: false };
  await answerSimulatedChallenge(world.runtime.pool, where, transaction ?? '', passed);
  const resumed = await ctx.transaction((tx) =>
    isSetup ? resumeSetup(tx, attempt) : resume(tx, attempt),
  );
  if (resumed === null) throw new Error(`${attempt} is not waited for.`);
  await settle(ctx, resumed.attempt, async () => undefined);
}

/** How a payment that waits for its payer ends once they have passed the challenge. */
async function passedBy({ id, end }: Ending): Promise<string> {
  if (end !== 'requires_action') return end;
  await answer(attemptOf(await ask(tenant, pays.retrieve, { id })), true);
  const { status, last_payment_error } = await ask(tenant, pays.retrieve, { id });
  return last_payment_error?.decline_code ?? last_payment_error?.code ?? status;
}

/** A customer with the card, saved by a setup intent whose challenge they pass. */
async function setUp(payment_method: string) {
  const { id: customer } = await ask(tenant, customers.operations.create, {});
  const asked = ask(tenant, saves.create, { customer, payment_method, confirm: true });
  const { id } = await endOf('setup_intent', asked);
  const intent = await ask(tenant, saves.retrieve, { id });
  if (intent.status === 'requires_action') await answer(attemptOf(intent), true, true);
  const saved = await ask(tenant, saves.retrieve, { id });
  return { customer, saved: saved.status, method: String(saved.payment_method) };
}

interface Row {
  readonly card: string;
  /** A payment once; and once its challenge was passed, where there was one. */
  readonly pays: string;
  readonly passed: string;
  /** The same, asked for `any` and for `challenge`. */
  readonly any: string;
  readonly challenge: string;
  /** Off session, of a card that was attached and never set up. */
  readonly attached: string;
  /** Off session and on session, of a card that was set up; null for one that cannot be. */
  readonly offSession: string | null;
  readonly onSession: string | null;
}

const ASKED = 'requires_action';
const AWAY = 'authentication_required';
const UNASKED = {
  pays: 'succeeded',
  passed: 'succeeded',
  any: 'succeeded',
  challenge: 'succeeded',
  attached: 'succeeded',
  offSession: 'succeeded',
  onSession: 'succeeded',
};
const REQUIRED = { pays: ASKED, passed: 'succeeded', any: ASKED, challenge: ASKED };

const ROWS: readonly Row[] = [
  {
    card: 'authenticationRequiredOnSetup',
    ...REQUIRED,
    attached: AWAY,
    offSession: 'succeeded',
    onSession: ASKED,
  },
  {
    card: 'authenticationRequired',
    ...REQUIRED,
    attached: AWAY,
    offSession: AWAY,
    onSession: ASKED,
  },
  {
    card: 'authenticationRequiredSetupForOffSession',
    ...REQUIRED,
    attached: 'succeeded',
    offSession: 'succeeded',
    onSession: ASKED,
  },
  {
    card: 'authenticationRequiredChargeDeclinedInsufficientFunds',
    ...REQUIRED,
    passed: 'insufficient_funds',
    attached: 'insufficient_funds',
    offSession: 'insufficient_funds',
    onSession: ASKED,
  },
  {
    card: 'threeDSecure2Required',
    ...REQUIRED,
    attached: AWAY,
    offSession: AWAY,
    onSession: ASKED,
  },
  { card: 'threeDSecureRequired', ...REQUIRED, attached: AWAY, offSession: AWAY, onSession: ASKED },
  {
    card: 'threeDSecureRequiredChargeDeclined',
    ...REQUIRED,
    passed: 'generic_decline',
    attached: AWAY,
    offSession: null,
    onSession: null,
  },
  {
    card: 'threeDSecureRequiredProcessingError',
    pays: 'generic_decline',
    passed: 'generic_decline',
    any: 'generic_decline',
    challenge: 'generic_decline',
    attached: 'declined',
    offSession: null,
    onSession: null,
  },
  { card: 'threeDSecureOptional', ...UNASKED, challenge: ASKED },
  { card: 'threeDSecureOptionalProcessingError', ...UNASKED },
  { card: 'visa', ...UNASKED },
  { card: 'amex_threeDSecureNotSupported', ...UNASKED },
];

describe("Stripe's test cards for 3-D Secure", () => {
  it.each(ROWS.map((row) => [row.card, row] as const))('pm_card_%s', async (card, row) => {
    const method = `pm_card_${card}`;
    const once = await pay(method);
    const attached = async () => {
      const { id: customer } = await ask(tenant, customers.operations.create, {});
      const { operations } = customers;
      const saved = await ask(tenant, operations.attachPaymentMethod, { id: method, customer });
      return (await pay(saved.id, { customer, off_session: true })).end;
    };
    const { customer, saved, method: own } = await setUp(method);
    const later = async (over: Partial<Payment>) =>
      saved === 'succeeded' ? (await pay(own, { customer, ...over })).end : null;
    expect({
      card,
      pays: once.end,
      passed: await passedBy(once),
      any: (await pay(method, requesting('any'))).end,
      challenge: (await pay(method, requesting('challenge'))).end,
      attached: await attached().catch((error: ApiError) =>
        error.details.decline_code === 'generic_decline' ? 'declined' : Promise.reject(error),
      ),
      offSession: await later({ off_session: true }),
      onSession: await later({}),
    }).toEqual(row);
  });
});

const chargeOf = async (id: string) => {
  const { data } = await ask(tenant, charges.operations.list, { payment_intent: id });
  return data[0];
};

const toldOf = async (id: string) => {
  const charge = await chargeOf(id);
  if (charge !== undefined) expectContract(charge);
  return charge?.payment_method_details?.card?.three_d_secure;
};

const IMPORTED = {
  cryptogram: 'AAABBJg0VhI0VniQEjRWAAAAAAA=',
  transaction_id: '3f0a9b4e-1f8e-4f0a-9a52-0c6c5fd26a11',
  version: '2.2.0',
} as const;

const imported = (three_d_secure: object = {}): Partial<Payment> => ({
  payment_method_options: { card: { three_d_secure: { ...IMPORTED, ...three_d_secure } } },
});

describe('three_d_secure of a charge', () => {
  it('is null where nobody asked', async () => {
    const { id } = await pay('pm_card_visa');
    expect(await toldOf(id)).toBeNull();
  });

  it('tells of a challenge that was passed, and the indicator of the network', async () => {
    const { id } = await pay('pm_card_threeDSecure2Required');
    await answer(attemptOf(await ask(tenant, pays.retrieve, { id })), true);
    expect(await toldOf(id)).toMatchObject({
      authentication_flow: 'challenge',
      electronic_commerce_indicator: '05',
      exemption_indicator: null,
      result: 'authenticated',
      result_reason: null,
      version: '2.2.0',
    });
    const charge = await chargeOf(id);
    expect(charge?.payment_method_details?.card?.electronic_commerce_indicator).toBe('05');
  });

  it('tells of one that was passed before the bank declined', async () => {
    const { id } = await pay('pm_card_threeDSecureRequiredChargeDeclined');
    await answer(attemptOf(await ask(tenant, pays.retrieve, { id })), true);
    expect((await chargeOf(id))?.status).toBe('failed');
    expect(await toldOf(id)).toMatchObject({ result: 'authenticated' });
  });

  it.each([
    ['threeDSecureOptional', 'frictionless', '05', 'authenticated', null],
    ['visa', null, '06', 'attempt_acknowledged', 'card_not_enrolled'],
    ['mastercard', null, '01', 'attempt_acknowledged', 'card_not_enrolled'],
    ['threeDSecureOptionalProcessingError', null, null, 'processing_error', 'protocol_error'],
    ['amex_threeDSecureNotSupported', null, null, 'not_supported', 'network_not_supported'],
  ])('tells what came of asking for it: pm_card_%s', async (card, flow, eci, result, reason) => {
    const { id } = await pay(`pm_card_${card}`, requesting('any'));
    expect(await toldOf(id)).toMatchObject({
      authentication_flow: flow,
      electronic_commerce_indicator: eci,
      result,
      result_reason: reason,
    });
  });

  it.each([
    [{}, { result: 'authenticated' }],
    [{ ares_trans_status: 'Y' }, { result: 'authenticated' }],
    [{ ares_trans_status: 'A' }, { result: 'attempt_acknowledged' }],
    [{ ares_trans_status: 'U' }, { result: 'processing_error', result_reason: 'protocol_error' }],
    [{ ares_trans_status: 'N' }, { result: 'failed', result_reason: 'rejected' }],
    [
      { ares_trans_status: 'I', exemption_indicator: 'low_risk' },
      { result: 'exempted', exemption_indicator: 'low_risk', exemption_indicator_applied: true },
    ],
  ])('is what was imported: %j', async (given, told) => {
    const paid = await pay(
      'pm_card_visa',
      imported({ electronic_commerce_indicator: '05', ...given }),
    );
    expect(paid.end).toBe('succeeded');
    expect(await toldOf(paid.id)).toMatchObject({
      electronic_commerce_indicator: '05',
      transaction_id: IMPORTED.transaction_id,
      version: '2.2.0',
      ...told,
    });
  });

  it('pays with a card that must be authenticated, where somebody else has', async () => {
    expect((await pay('pm_card_authenticationRequired', imported())).end).toBe('succeeded');
    const failed = imported({ ares_trans_status: 'R' });
    expect((await pay('pm_card_authenticationRequired', failed)).end).toBe(AWAY);
  });

  it('keeps nothing of the proof', async () => {
    await pay('pm_card_visa', imported());
    const [kept] = await world.admin`
      select count(*)::int as times from processor_attempts
      where processor_attempts::text like ${`%${IMPORTED.cryptogram}%`}`;
    expect(kept).toEqual({ times: 0 });
  });
});

describe('a challenge', () => {
  it('that is failed leaves no charge, and another card can be tried', async () => {
    const { id } = await pay('pm_card_threeDSecure2Required');
    await answer(attemptOf(await ask(tenant, pays.retrieve, { id })), false);
    expect(await ask(tenant, pays.retrieve, { id })).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
      latest_charge: null,
    });
    const paid = await ask(tenant, pays.confirm, { id, payment_method: 'pm_card_visa' });
    expect(paid.status).toBe('succeeded');
  });

  it('that is abandoned is waited for; the payment can be confirmed anew, or canceled', async () => {
    const { id } = await pay('pm_card_threeDSecure2Required');
    const first = attemptOf(await ask(tenant, pays.retrieve, { id }));
    const again = await ask(tenant, pays.confirm, { id });
    expect(again.status).toBe(ASKED);
    expect(attemptOf(again)).not.toBe(first);
    await expect(answer(first, true)).rejects.toThrow('not waited for');
    expect((await ask(tenant, pays.cancel, { id })).status).toBe('canceled');
    await expect(answer(attemptOf(again), true)).rejects.toThrow('not waited for');
    expect(await chargeOf(id)).toBeUndefined();
  });

  it('is shown in a frame by whoever says so, and by its address otherwise', async () => {
    const framed = await ask(tenant, pays.create, {
      amount: 1_000,
      currency: 'gbp',
      payment_method: 'pm_card_threeDSecure2Required',
      confirm: true,
      use_stripe_sdk: true,
      return_url: 'https://shop.example/done',
    });
    expectContract(framed);
    expect(framed.next_action).toMatchObject({
      type: 'use_stripe_sdk',
      use_stripe_sdk: {
        type: 'three_d_secure_redirect',
        stripe_js: expect.stringMatching(/^https?:\/\/.*\/simulator\/challenge\//),
      },
    });
    await answer(attemptOf(framed), true);
    expect(await ask(tenant, pays.retrieve, { id: framed.id })).toMatchObject({
      status: 'succeeded',
    });
    const saved = await ask(tenant, saves.create, {
      payment_method: 'pm_card_threeDSecure2Required',
      confirm: true,
      use_stripe_sdk: true,
    });
    expect(saved.next_action?.type).toBe('use_stripe_sdk');
  });

  it('is an error for whoever asked for one instead', async () => {
    const refused = await pay('pm_card_threeDSecure2Required', { error_on_requires_action: true });
    expect(refused.end).toBe('authentication_not_handled');
    expect(await ask(tenant, pays.retrieve, { id: refused.id })).toMatchObject({
      status: 'requires_payment_method',
    });
  });
});

describe('a setup attempt', () => {
  const attempted = async (id: string) => {
    const { data } = await ask(tenant, setup_attempts.operations.list, { setup_intent: id });
    data.forEach(expectContract);
    return data[0]?.payment_method_details.card?.three_d_secure;
  };

  const saving = (over: object = {}) =>
    ask(tenant, saves.create, {
      payment_method: 'pm_card_threeDSecure2Required',
      confirm: true,
      ...over,
    });

  it.each([
    [true, { authentication_flow: 'challenge', result: 'authenticated', result_reason: null }],
    [false, { authentication_flow: 'challenge', result: 'failed', result_reason: 'rejected' }],
  ])('tells of its challenge, passed: %s', async (passed, told) => {
    const intent = await saving();
    await answer(attemptOf(intent), passed, true);
    expect(await attempted(intent.id)).toMatchObject(told);
  });

  it('tells that its challenge was abandoned for another, or canceled', async () => {
    const begun = await saving();
    await ask(tenant, saves.confirm, { id: begun.id, payment_method: 'pm_card_visa' });
    const { data } = await ask(tenant, setup_attempts.operations.list, { setup_intent: begun.id });
    expect(data.map(({ status }) => status)).toEqual(['succeeded', 'abandoned']);
    expect(data[1]?.payment_method_details.card?.three_d_secure).toMatchObject({
      result: 'failed',
      result_reason: 'abandoned',
    });
    const given = await saving();
    await ask(tenant, saves.cancel, { id: given.id });
    expect(await attempted(given.id)).toMatchObject({ result_reason: 'canceled' });
  });

  it('asks for 3-D Secure where that is wanted', async () => {
    const payment_method = 'pm_card_threeDSecureOptional';
    const wanting = (request_three_d_secure: 'any' | 'challenge') =>
      saving({ payment_method, payment_method_options: { card: { request_three_d_secure } } });
    const frictionless = await wanting('any');
    expect(frictionless.status).toBe('succeeded');
    expect(await attempted(frictionless.id)).toMatchObject({ authentication_flow: 'frictionless' });
    expect((await wanting('challenge')).status).toBe(ASKED);
  });
});
