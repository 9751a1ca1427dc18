/** The door that Cardstream calls back at: what it believes, what it keeps, and what comes of it. */
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '@/server/api/app';
import { keyFinder } from '@/server/api_keys';
import { settle, unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { Awaiting } from '@/server/kernel/operation';
import { payment_intents } from '@/server/payment_intents';
import type { Processor } from '@/server/processor/processor';
import { encodeFields, type Fields } from '@/server/processor/cardstream/fields';
import { signed, signOnly } from '@/server/processor/cardstream/signature';
import { addProcessorAccount } from '@/server/testing/accounts';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const SECRET = 'Circle4Take40Idea';
const XREF = '26030112XX00YY00ZZ00AAA';

let world: TestWorld;
let app: ReturnType<typeof createApp>;
let tenant: TestTenant;
let account: string;
let token: string;

beforeAll(async () => {
  // Every answer is lost: only the callback tells.
  world = await createWorld({ faults: () => ({ lose: 'after' }) });
  app = createApp({
    runtime: world.runtime,
    findKey: keyFinder(world.runtime.pool),
    isReady: async () => true,
    registry: new Registry(),
    onServed: () => undefined,
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
  // Nobody is there: what is found out without asking is found out by the callback.
  account = await addProcessorAccount(tenant, {
    base_url: 'http://127.0.0.1:9',
    secret: SECRET,
    three_d_secure: false,
  });
  const [row] = await world.admin<{ callback_token: string }[]>`
    select callback_token from processor_accounts where id = ${account}`;
  token = row?.callback_token ?? '';
});

/** A payment whose answer was lost, at this account. Answers the reference of its attempt. */
async function pay(): Promise<{ intent: string; reference: string }> {
  const { id } = await ask(tenant, payment_intents.operations.create, {
    amount: 1000,
    currency: 'gbp',
    payment_method: 'pm_card_visa',
    confirm: true,
  });
  const [attempt] = await world.admin<{ id: string }[]>`update processor_attempts
    set processor_account = ${account}, processor = 'cardstream'
    where payment_intent = ${id} returning id`;
  return { intent: id, reference: attempt?.id ?? '' };
}

const paid = (reference: string, given: Readonly<Record<string, string>> = {}): Fields =>
  Object.entries({
    merchantID: '100001',
    action: 'SALE',
    responseCode: '0',
    responseMessage: 'AUTHCODE:117207',
    state: 'captured',
    xref: XREF,
    transactionUnique: reference,
    amount: '1000',
    amountReceived: '1000',
    currencyCode: '826',
    authorisationCode: '117207',
    cardNumberMask: '492942******0821',
    customerName: 'Ada Lovelace',
    remoteAddress: '192.0.2.1',
    threeDSCAVV: 'AAABBBCCC',
    ...given,
  });

const post = (body: string, at = token): Promise<Response> =>
  Promise.resolve(
    app.request(`http://127.0.0.1/callbacks/cardstream/${at}`, { method: 'POST', body }),
  );

const send = (fields: Fields): Promise<Response> => post(encodeFields(signed(fields, SECRET)));

const kept = () => world.admin`select * from processor_callbacks
  where processor_account = ${account} order by id`;

/** The schedule, some seconds later. */
async function later(seconds: number): Promise<void> {
  const before = world.now;
  world.now = new Date(before.getTime() + seconds * 1000);
  const system = { ...world.runtime, ctxOf: (asker: never) => ctxOf(world.runtime, asker) };
  await unanswered(system);
  world.now = before;
}

const statusOf = async (id: string): Promise<string> =>
  (await ask(tenant, payment_intents.operations.retrieve, { id })).status;

/** All that means something in an array, in JSON, or between documents. */
const AWKWARD = 'NULL, {"a"}\\n\u001F, \'it\'';

describe('a callback', () => {
  it('that is signed is kept, without what is the payer’s own', async () => {
    const answer = await send(paid('att_1'));
    expect(answer.status).toBe(200);
    const rows = await kept();
    expect(rows).toMatchObject([{ reference: 'att_1', transaction: XREF, state: 'captured' }]);
    expect(JSON.stringify(rows)).not.toMatch(/Ada|192\.0\.2|AAABBBCCC|Circle4/);
  });

  it.each([
    ['signed by another', () => encodeFields(signed(paid('att_1'), 'Another'))],
    ['not signed', () => encodeFields(paid('att_1'))],
    [
      'changed on the way',
      () => encodeFields(signed(paid('att_1'), SECRET)).replace('1000', '9000'),
    ],
    [
      'signed in part',
      () => {
        const fields = paid('att_1');
        return encodeFields([
          ...fields,
          ['signature', signOnly(fields, SECRET, ['xref', 'state'])],
        ]);
      },
    ],
    [
      'for another merchant',
      () => encodeFields(signed(paid('att_1', { merchantID: '1' }), SECRET)),
    ],
    ['no form', () => '%zz'],
    ['empty', () => ''],
  ])('that is %s is refused, and not kept', async (_, body) => {
    expect((await post(body())).status).toBe(400);
    expect(await kept()).toHaveLength(0);
  });

  it('at an address that is nobody’s is refused', async () => {
    const body = encodeFields(signed(paid('att_1'), SECRET));
    expect((await post(body, 'a'.repeat(32))).status).toBe(404);
    expect((await post(body, 'a')).status).toBe(404);
  });

  it('that is too long is refused unread', async () => {
    expect((await post('a'.repeat(300_000))).status).toBe(413);
  });

  it('shares a transaction with those that come at the same moment', async () => {
    const references = Array.from({ length: 8 }, (_, index) => `att_${index}`);
    const answers = await Promise.all(
      references.map((reference) =>
        send(paid(reference, { xref: `${XREF}${reference}`, responseMessage: AWKWARD })),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(references.map(() => 200));
    const rows = await world.admin<{ reference: string; message: string; writer: string }[]>`
      select reference, xmin::text as writer,
        (select field->>1 from jsonb_array_elements(fields) field where field->>0 = 'responseMessage')
          as message
      from processor_callbacks where processor_account = ${account}`;
    expect(rows.map(({ reference }) => reference).toSorted()).toEqual(references);
    expect(new Set(rows.map(({ message }) => message))).toEqual(new Set([AWKWARD]));
    // Two in each of two tenths of a second, at the most.
    expect(new Set(rows.map(({ writer }) => writer)).size).toBeLessThanOrEqual(4);
  });

  it('that cannot be kept leaves those of the same moment as they are', async () => {
    const answers = await Promise.all([
      send(paid('att_1')),
      send(paid('att_2', { action: 'SALE\0' })),
      send(paid('att_3', { xref: `${XREF}B` })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 500, 200]);
    const rows = await kept();
    expect(rows.map(({ reference }) => String(reference)).toSorted()).toEqual(['att_1', 'att_3']);
  });

  it('concludes a payment whose answer was lost, like the answer', async () => {
    const { intent, reference } = await pay();
    expect(await statusOf(intent)).toBe('processing');
    await send(paid(reference));
    await later(6);
    const found = await ask(tenant, payment_intents.operations.retrieve, {
      id: intent,
    });
    expect(found).toMatchObject({ status: 'succeeded', amount_received: 1000 });
    const [charge] = await world.admin`select processor_transaction, authorization_code from charges
      where id = ${String(found.latest_charge)}`;
    expect(charge).toEqual({ processor_transaction: XREF, authorization_code: '117207' });
  });

  it('that comes late is heeded within the second, and not at the next hour', async () => {
    const { intent, reference } = await pay();
    await later(6);
    await later(60);
    world.now = new Date(world.now.getTime() + 70_000);
    await later(0);
    expect(await statusOf(intent)).toBe('processing');
    await send(paid(reference));
    await later(0);
    expect(await statusOf(intent)).toBe('succeeded');
    world.now = new Date(world.now.getTime() - 70_000);
  });

  it('about the transaction of a change leaves that to whoever asks after it', async () => {
    const { reference } = await pay();
    await send(paid(reference));
    await later(6);
    const [due] = await world.admin`update processor_attempts
      set kind = 'capture', status = 'pending', transaction = ${XREF}, created = created - 600,
        inquire_at = ${new Date(world.now.getTime() + 90_000).toISOString()}
      where id = ${reference} returning inquire_at`;
    await send(paid(reference, { action: 'CAPTURE:SALE', amountReceived: '400' }));
    expect(await kept()).toHaveLength(2);
    const [after] = await world.admin`select inquire_at from processor_attempts
      where id = ${reference}`;
    expect(after).toEqual(due);
  });

  it('that comes twice, or after the fact, changes nothing', async () => {
    const { intent, reference } = await pay();
    await Promise.all([send(paid(reference)), send(paid(reference)), send(paid(reference))]);
    expect(await kept()).toHaveLength(1);
    await later(6);
    const before = await announced(tenant);
    await send(paid(reference));
    await send(paid(reference, { state: 'received', responseCode: '65802', threeDSRef: 'old' }));
    await later(100_000);
    expect(await announced(tenant)).toEqual(before);
    expect(await statusOf(intent)).toBe('succeeded');
  });

  it('that says another amount than was asked is not believed', async () => {
    const { intent, reference } = await pay();
    await send(paid(reference, { amountReceived: '1' }));
    await later(6);
    expect(await statusOf(intent)).toBe('processing');
  });

  it('that says no declines the payment', async () => {
    const { intent, reference } = await pay();
    await send(paid(reference, { responseCode: '5', state: 'declined', amountReceived: '0' }));
    await later(6);
    expect(await statusOf(intent)).toBe('requires_payment_method');
  });

  /** Asks the processor for a payment, and is told no once what `meanwhile` does has begun. */
  async function declined(meanwhile: (reference: string) => Promise<unknown>): Promise<string> {
    const intended = await tenant.ctx.transaction((tx) =>
      payment_intents.operations.create.intend(tx, {
        amount: 1000,
        currency: 'gbp',
        payment_method: 'pm_card_visa',
        confirm: true,
      }),
    );
    if (!(intended instanceof Awaiting)) throw new Error('the processor is not asked');
    const { id } = intended.attempt;
    await world.admin`update processor_attempts set processor_account = ${account},
      processor = 'cardstream' where id = ${id}`;
    const declining: Partial<Processor> = {
      async authorize() {
        await meanwhile(id);
        return {
          kind: 'declined',
          transaction: XREF,
          code: 'card_declined',
          decline_code: 'generic_decline',
          message: 'No.',
          checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
        };
      },
    };
    const ctx = { ...tenant.ctx, processor: async () => declining as Processor };
    const attempt = { ...intended.attempt, processor_account: account };
    await settle(ctx, attempt, async () => undefined);
    return id;
  }

  const contradictions = () => world.admin`select processor_attempt, state, processor_state
    from reconciliation_items where processor_account = ${account} and kind = 'state_differs'`;

  it('that contradicts the answer before it has come is put before a person', async () => {
    const id = await declined((reference) => send(paid(reference)));
    expect([...(await contradictions())]).toEqual([
      { processor_attempt: id, state: 'declined', processor_state: 'captured' },
    ]);
  });

  it('that contradicts the answer at the same moment is put before a person once', async () => {
    const sent: Promise<Response>[] = [];
    const id = await declined(async (reference) => {
      for (const state of ['captured', 'tendered']) sent.push(send(paid(reference, { state })));
      // As long as callbacks give way, or a little less.
      const now = performance.now();
      const turn = Math.ceil(now / 100 + 1) * 100;
      await new Promise((resolve) => setTimeout(resolve, turn - now - 5));
    });
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 200]);
    expect([...(await contradictions())]).toMatchObject([{ processor_attempt: id }]);
  });

  it('that was heeded before a late answer contradicts it is put before nobody', async () => {
    const id = await declined(async (reference) => {
      await send(paid(reference));
      await later(6);
    });
    const [attempt] = await world.admin`select status, outcome->>'kind' as outcome
      from processor_attempts where id = ${id}`;
    expect(attempt).toEqual({ status: 'answered', outcome: 'approved' });
    expect([...(await contradictions())]).toEqual([]);
  });

  it('that agrees with the answer is put before nobody', async () => {
    const no = { responseCode: '5', state: 'declined', amountReceived: '0' };
    await declined((reference) => send(paid(reference, no)));
    expect([...(await contradictions())]).toEqual([]);
  });

  it('that contradicts what was concluded is put before a person', async () => {
    const { intent, reference } = await pay();
    await send(paid(reference, { responseCode: '5', state: 'declined', amountReceived: '0' }));
    await later(6);
    await send(paid(reference));
    await send(paid(reference, { state: 'tendered' }));
    const items = await world.admin`select kind, payment_intent, state, processor_state, transaction
      from reconciliation_items where processor_account = ${account}`;
    expect([...items]).toEqual([
      {
        kind: 'state_differs',
        payment_intent: intent,
        state: 'declined',
        processor_state: 'captured',
        transaction: XREF,
      },
    ]);
    expect(await statusOf(intent)).toBe('requires_payment_method');
  });
});
