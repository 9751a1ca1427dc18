/** CAPTURE, CANCEL, QUERY and REFUND_SALE: every action in every state. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ALLOWED, type Management } from './manage';
import {
  DEVICE,
  newMerchant,
  newReference,
  newSale,
  SECURE,
  type Merchant,
  type Values,
} from './merchant.case';
import { STATES, type State } from './transaction';

let merchant: Merchant;
beforeEach(() => {
  merchant = newMerchant(SECURE);
});

const control = async (path: string, body: object): Promise<void> => {
  const init = { method: 'POST', body: JSON.stringify(body) };
  const response = await merchant.gateway.app.request(`/control/${path}`, init);
  expect(response.status).toBe(200);
};

const pay = async (fields: Record<string, string | number> = {}): Promise<string> =>
  (await merchant.sale({ threeDSRequired: 'N', ...fields }))['xref'] ?? '';

/** TABLE: how a sale gets into each state, by nothing but the protocol and the night. */
const WAYS: Readonly<Record<State, () => Promise<string>>> = {
  received: () => pay({ threeDSRequired: 'Y', ...DEVICE }),
  approved: () => pay({ captureDelay: -1 }),
  verified: async () => {
    const verify = { ...newSale(), action: 'VERIFY', amount: 0, threeDSRequired: 'N' };
    return (await merchant.send(verify))['xref'] ?? '';
  },
  declined: () => pay({ amount: 12_000 }),
  referred: () => pay({ amount: 6_000 }),
  reversed: () => pay({ cardCVV: '999', cv2CheckPref: 'matched' }),
  captured: () => pay(),
  tendered: async () => {
    const xref = await pay();
    await control('settle', { until: 'tendered' });
    return xref;
  },
  deferred: async () => {
    const xref = await pay();
    await control('settle', { defer: [xref] });
    return xref;
  },
  accepted: async () => {
    const xref = await pay();
    await control('settle', {});
    return xref;
  },
  rejected: async () => {
    const xref = await pay({ amount: 3_000 });
    await control('settle', {});
    return xref;
  },
  canceled: async () => {
    const xref = await pay();
    await merchant.send({ action: 'CANCEL', xref });
    return xref;
  },
  finished: () => pay({ amount: 50 }),
};

const CASES = STATES.flatMap((state) =>
  (['CAPTURE', 'CANCEL', 'REFUND_SALE', 'QUERY'] as const).map(
    (action: Management) => [action, state] as const,
  ),
);

describe('the table of states', () => {
  it.each(CASES)('%s of what is %s', async (action, state) => {
    const xref = await WAYS[state]();
    expect(merchant.state(xref)).toBe(state);
    const isAllowed = action === 'QUERY' || ALLOWED[action].some((allowed) => allowed === state);
    const about: Values = { action, xref };
    const reference = newReference();
    const answered = await merchant.send(
      action === 'REFUND_SALE' ? { ...about, transactionUnique: reference } : about,
    );
    if (isAllowed) {
      expect(answered).toMatchObject({ responseCode: '0', responseStatus: '0' });
      return;
    }
    expect(answered).toMatchObject({
      responseCode: '65541',
      responseStatus: '2',
      state: 'finished',
      responseMessage: expect.stringMatching(
        /^Cannot (CAPTURE|CANCEL|REFUND) this \w+ transaction/,
      ),
    });
    expect(answered['xref']).not.toBe(xref);
    expect(merchant.state(xref)).toBe(state);
  });
});

describe('CAPTURE', () => {
  it('takes less than was authorised, again and again, never more', async () => {
    const xref = await pay({ captureDelay: -1, amount: 2_000 });
    const capture = { action: 'CAPTURE', xref };
    expect(await merchant.send({ ...capture, amount: 1_500 })).toMatchObject({
      responseCode: '0',
      action: 'CAPTURE:SALE',
      state: 'captured',
      amountReceived: '1500',
      amount: '2000',
      xref,
    });
    expect(await merchant.send({ ...capture, amount: 1_200 })).toMatchObject({
      amountReceived: '1200',
    });
    expect(await merchant.send({ ...capture, amount: 1_201 })).toMatchObject({
      responseCode: '66312',
    });
    expect(await merchant.send(capture)).toMatchObject({ amountReceived: '1200' });
    merchant.gateway.turn({ excess_code: 65_541 });
    expect(await merchant.send({ ...capture, amount: 9_999 })).toMatchObject({
      responseCode: '65541',
    });
  });

  it('takes nothing where it is asked for nothing', async () => {
    const xref = await pay({ captureDelay: -1 });
    expect(await merchant.send({ action: 'CAPTURE', xref, amount: 0 })).toMatchObject({
      responseCode: '66312',
    });
  });

  it('is too late after thirty days', async () => {
    const xref = await pay({ captureDelay: -1 });
    merchant.gateway.travel(30 * 86_400_000 + 1);
    expect(await merchant.send({ action: 'CAPTURE', xref })).toMatchObject({
      responseCode: '65564',
    });
  });
});

describe('CANCEL', () => {
  it('gives up the whole of it, as recorded', async () => {
    const xref = await pay();
    expect(await merchant.send({ action: 'CANCEL', xref, remoteAddress: '1.2.3.4' })).toMatchObject(
      {
        responseCode: '0',
        responseMessage: 'Transaction cancelled.',
        action: 'CANCEL:SALE',
        state: 'canceled',
        amountReceived: '0',
        amount: '1099',
        xref,
      },
    );
  });

  it('takes no new details', async () => {
    const xref = await pay();
    const details: Values = { amount: 1, orderRef: 'x', cardNumber: '4929421234600821' };
    for (const [name, value] of Object.entries(details)) {
      expect(await merchant.send({ action: 'CANCEL', xref, [name]: value })).toMatchObject({
        responseCode: '65542',
      });
    }
  });

  it('ends a payment that waits for its cardholder', async () => {
    const answered = await merchant.sale({ ...DEVICE });
    const { xref = '', threeDSRef = '' } = answered;
    await merchant.send({ action: 'CANCEL', xref });
    expect(
      await merchant.send({ threeDSRef, 'threeDSResponse[threeDSMethodData]': 'timeout' }),
    ).toMatchObject({ responseCode: '66848' });
    expect(merchant.state(xref)).toBe('canceled');
  });
});

describe('QUERY', () => {
  it('says how it stands, and what was answered first', async () => {
    const { xref = '', transactionID } = await merchant.sale({
      threeDSRequired: 'N',
      amount: 12_000,
      orderRef: 'Order 7',
    });
    expect(await merchant.send({ action: 'QUERY', xref })).toMatchObject({
      responseCode: '0',
      action: 'QUERY:SALE',
      state: 'declined',
      xref,
      transactionID,
      orderRef: 'Order 7',
      amount: '12000',
      originalResponseCode: '5',
      originalResponseStatus: '1',
      originalResponseMessage: 'CARD DECLINED',
    });
    merchant.gateway.turn({ query_code: 'original', original_fields: false });
    const answered = await merchant.send({ action: 'QUERY', xref });
    expect(answered).toMatchObject({ responseCode: '5', state: 'declined' });
    expect(answered).not.toHaveProperty('originalResponseCode');
  });

  it('needs to know what is asked for', async () => {
    expect(await merchant.send({ action: 'QUERY' })).toMatchObject({ responseCode: '66085' });
  });
});

describe('REFUND_SALE', () => {
  const refund = (xref: string, amount: number, fields: object = {}) =>
    merchant.send({
      action: 'REFUND_SALE',
      xref,
      amount,
      transactionUnique: newReference(),
      ...fields,
    });

  it('gives back in parts, up to what was received', async () => {
    const xref = await pay({ amount: 1_000 });
    await control('settle', {});
    const first = await refund(xref, 400);
    expect(first).toMatchObject({
      responseCode: '0',
      responseMessage: 'REFUNDACCEPTED',
      state: 'captured',
      amount: '400',
      amountRefunded: '400',
    });
    expect(first['xref']).not.toBe(xref);
    expect(await refund(xref, 601)).toMatchObject({ responseCode: '66312', state: 'finished' });
    expect(await refund(xref, 600)).toMatchObject({ responseCode: '0', amountRefunded: '1000' });
    expect(await refund(xref, 1)).toMatchObject({ responseCode: '66312' });
    expect(await merchant.send({ action: 'QUERY', xref })).toMatchObject({
      amountRefunded: '1000',
      amountRetained: '0',
      state: 'accepted',
    });
    await control('settle', {});
    expect(merchant.state(first['xref'] ?? '')).toBe('accepted');
  });

  it('goes nowhere else than where the money came from', async () => {
    const xref = await pay();
    await control('settle', {});
    expect(await refund(xref, 100, { cardNumber: '4539791001730106' })).toMatchObject({
      responseCode: '65542',
    });
    expect(await refund(xref, 100, { currencyCode: 'EUR' })).toMatchObject({
      responseCode: '65542',
    });
    expect(await refund(xref, 100, { currencyCode: 'GBP' })).toMatchObject({ responseCode: '0' });
  });

  it('is done once, however often it is asked for', async () => {
    const xref = await pay();
    await control('settle', {});
    const once = { transactionUnique: 'refund_1', duplicateDelay: 9_999 };
    const codes = await Promise.all(
      Array.from({ length: 8 }, async () => (await refund(xref, 100, once))['responseCode']),
    );
    expect(codes.toSorted()).toEqual(['0', ...Array.from({ length: 7 }, () => '65554')]);
    expect(await merchant.send({ action: 'QUERY', xref })).toMatchObject({ amountRefunded: '100' });
  });

  it('is too late after 180 days', async () => {
    const xref = await pay();
    await control('settle', {});
    merchant.gateway.travel(180 * 86_400_000 + 1);
    expect(await refund(xref, 100)).toMatchObject({ responseCode: '65564' });
  });

  it('of a refund is none', async () => {
    const xref = await pay();
    await control('settle', {});
    const given = await refund(xref, 100);
    await control('settle', {});
    expect(await refund(given['xref'] ?? '', 50)).toMatchObject({ responseCode: '65541' });
  });
});
