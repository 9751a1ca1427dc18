/** The night: what it does to each payment, and the file that tells of it. */
import { describe, expect, it } from 'vitest';
import { newMerchant, newReference, PLAIN, SECURE, newSale, type Merchant } from './merchant.case';

const settle = async ({ gateway }: Merchant, options: object = {}): Promise<number | null> => {
  const init = { method: 'POST', body: JSON.stringify(options) };
  const response = await gateway.app.request('/control/settle', init);
  return ((await response.json()) as { batch: number | null }).batch;
};

/** The rows of the file by the names of its columns. */
async function rowsOf({ gateway }: Merchant, query = ''): Promise<Record<string, string>[]> {
  const response = await gateway.app.request(`/control/settlement.csv?${query}`);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const [head = '', ...lines] = (await response.text()).split('\r\n');
  expect(lines.pop()).toBe('');
  const names = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, index) => [names[index] ?? '', value])),
  );
}

describe('a settlement', () => {
  it('is of what was captured, by the amount that was captured', async () => {
    const merchant = newMerchant();
    const whole = await merchant.sale({ amount: 1_000, transactionUnique: 'whole' });
    const part = await merchant.sale({
      amount: 2_000,
      captureDelay: -1,
      transactionUnique: 'part',
    });
    await merchant.send({ action: 'CAPTURE', xref: part['xref'] ?? '', amount: 150 });
    const rejected = await merchant.sale({ amount: 3_000, transactionUnique: 'rejected' });
    await merchant.sale({ amount: 1_000, captureDelay: -1 });
    await merchant.sale({ amount: 12_000 });
    expect(await settle(merchant)).toBe(1);
    const usual = {
      action: 'SALE',
      currency: 'GBP',
      date: '2026-03-10',
      merchant_id: '100001',
      related_xref: '',
      batch: '1',
    };
    expect(await rowsOf(merchant)).toEqual([
      {
        ...usual,
        reference: 'whole',
        xref: whole['xref'],
        state: 'accepted',
        amount: '1000',
        transaction_id: '1',
      },
      {
        ...usual,
        reference: 'part',
        xref: part['xref'],
        state: 'accepted',
        amount: '150',
        transaction_id: '2',
      },
      {
        ...usual,
        reference: 'rejected',
        xref: rejected['xref'],
        state: 'rejected',
        amount: '3000',
        transaction_id: '3',
      },
    ]);
    expect(await settle(merchant)).toBeNull();
  });

  it('can be caught half-way, when nothing can be changed any more', async () => {
    const merchant = newMerchant();
    const { xref = '' } = await merchant.sale();
    expect(await settle(merchant, { until: 'tendered' })).toBeNull();
    expect(merchant.state(xref)).toBe('tendered');
    expect(await merchant.send({ action: 'CANCEL', xref })).toMatchObject({
      responseCode: '65541',
    });
    expect(await settle(merchant)).toBe(1);
    expect(merchant.state(xref)).toBe('accepted');
  });

  it('puts off what it is told to, until the next', async () => {
    const merchant = newMerchant();
    const { xref = '' } = await merchant.sale();
    expect(await settle(merchant, { defer: [xref] })).toBe(1);
    expect(merchant.state(xref)).toBe('deferred');
    expect(await settle(merchant)).toBe(2);
    expect(merchant.state(xref)).toBe('accepted');
    const states = (await rowsOf(merchant)).map(({ state, batch }) => `${batch} ${state}`);
    expect(states).toEqual(['1 deferred', '2 accepted']);
  });

  it('takes back what it had accepted', async () => {
    const merchant = newMerchant();
    const { xref = '' } = await merchant.sale();
    await settle(merchant);
    expect(await settle(merchant, { reject: [xref] })).toBe(2);
    expect(merchant.state(xref)).toBe('rejected');
    expect((await rowsOf(merchant, 'batch=2')).map(({ state }) => state)).toEqual(['rejected']);
  });

  it('is of one merchant where that is said', async () => {
    const merchant = newMerchant();
    const mine = await merchant.sale();
    const theirs = await merchant.post({ ...newSale(), threeDSRequired: 'N' }, SECURE);
    await settle(merchant, { merchant_id: PLAIN.merchantID });
    expect(merchant.state(mine['xref'] ?? '')).toBe('accepted');
    expect(merchant.state(theirs.fields['xref'] ?? '')).toBe('captured');
    await settle(merchant);
    expect(await rowsOf(merchant, `merchant_id=${SECURE.merchantID}`)).toHaveLength(1);
  });

  it('gives refunds their own rows, with the sale beside them', async () => {
    const merchant = newMerchant();
    const { xref = '' } = await merchant.sale();
    await settle(merchant);
    const refund = { action: 'REFUND_SALE', xref, amount: 300, transactionUnique: newReference() };
    await merchant.send(refund);
    await settle(merchant);
    expect(await rowsOf(merchant, 'batch=2')).toMatchObject([
      { action: 'REFUND_SALE', state: 'accepted', amount: '300', related_xref: xref },
    ]);
  });

  it('may reject a refund by its amount, which can then be given again', async () => {
    const merchant = newMerchant(PLAIN, { refund_settlement: 'by_amount' });
    const { xref = '' } = await merchant.sale({ amount: 21_000 });
    await settle(merchant);
    const refund = { action: 'REFUND_SALE', xref, amount: 3_000 };
    await merchant.send({ ...refund, transactionUnique: newReference() });
    await settle(merchant);
    expect(await rowsOf(merchant, 'batch=2')).toMatchObject([{ state: 'rejected' }]);
    const queried = await merchant.send({ action: 'QUERY', xref });
    expect(queried).toMatchObject({ amountRetained: '21000' });
    const whole = { ...refund, amount: 21_000, transactionUnique: newReference() };
    expect(await merchant.send(whole)).toMatchObject({ responseCode: '0' });
  });

  it('keeps a reference in one column, whatever is in it', async () => {
    const merchant = newMerchant();
    await merchant.sale({ transactionUnique: 'a "b", c' });
    await settle(merchant);
    const response = await merchant.gateway.app.request('/control/settlement.csv');
    expect(await response.text()).toContain('\r\n"a ""b"", c",');
  });
});
