import { describe, expect, it } from 'vitest';
import { compare, type Ours } from './compare';
import { NotCsv, readCsv } from './csv';
import { linesOf, type SettledLine } from './lines';

describe('comma-separated values', () => {
  it.each([
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\n\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['"a ""b"", c",d', [['a "b", c', 'd']]],
    ['"a\r\nb",', [['a\r\nb', '']]],
    [',', [['', '']]],
    ['""', [['']]],
    ['', []],
  ])('%j', (text, rows) => expect([...readCsv([text])]).toEqual(rows));

  it('is the same however it is cut', () => {
    const text = 'a,"b ""quoted"", c"\r\nd,é\r\n"",f';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const pieces = [text.slice(0, cut), text.slice(cut)];
      expect([...readCsv(pieces)], `cut at ${cut}`).toEqual([...readCsv([text])]);
    }
  });

  it.each(['"a', `"${'a'.repeat(20_000)}"`])('is none: %.20s', (text) => {
    expect(() => [...readCsv([text])]).toThrow(NotCsv);
  });
});

const HEAD = 'reference,xref,action,state,amount,currency,date';

describe('the lines of a settlement file', () => {
  it('are read by the names of the columns, in any order', () => {
    const [line] = linesOf(
      '\uFEFFBatch,xref,Amount,currencyCode,action,state,transactionUnique,timestamp\r\n1,X1,1050,GBP,sale,ACCEPTED,att_1,2026-03-01 02:00:00',
    );
    expect(line).toEqual({
      line: 2,
      reference: 'att_1',
      transaction: 'X1',
      action: 'SALE',
      state: 'accepted',
      amount: 1050,
      currency: 'gbp',
      date: Date.UTC(2026, 2, 1) / 1000,
    });
  });

  it.each([
    ['', 'The file is empty.'],
    ['xref,action,state,amount', 'There is no column "currency" in the first line.'],
    [`${HEAD}\natt_1,X1,SALE,accepted,10.50,GBP,`, 'Line 2: "10.50" is no amount.'],
    [`${HEAD}\natt_1,X1,SALE,accepted,-1,GBP,`, 'Line 2: "-1" is no amount.'],
    [`${HEAD}\natt_1,,SALE,accepted,1,GBP,`, 'Line 2: "" is no xref.'],
    [`${HEAD}\natt_1,X1,SALE,accepted,1,826,`, 'Line 2: "826" is no currency.'],
    [`${HEAD}\natt_1,X1,SALE,accepted,1,GBP,1/3/26`, 'Line 2: "1/3/26" is no date.'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => [...linesOf(text)]).toThrow(message);
  });
});

describe('a line and our books', () => {
  const line = (given: Partial<SettledLine>): SettledLine => ({
    line: 2,
    reference: 'att_1',
    transaction: 'X1',
    action: 'SALE',
    state: 'accepted',
    amount: 1000,
    currency: 'gbp',
    date: null,
    ...given,
  });
  const ours = (given: Partial<Ours>): Ours => ({
    object: 'charge',
    id: 'ch_1',
    amount: 1000,
    currency: 'gbp',
    isMoved: true,
    settled: null,
    movement: null,
    state: 'succeeded',
    ...given,
  });

  it.each([
    ['agree', line({}), ours({}), null],
    ['agree on what was put off', line({ state: 'deferred' }), ours({}), null],
    ['agree on what never was', line({ state: 'rejected' }), ours({ isMoved: false }), null],
    ['differ by what only they have', line({}), null, 'in_their_books_only'],
    ['differ by the amount', line({ amount: 999 }), ours({}), 'amount_differs'],
    ['differ by the currency', line({ currency: 'eur' }), ours({}), 'amount_differs'],
    ['differ by what was rejected', line({ state: 'rejected' }), ours({}), 'state_differs'],
    ['differ by what we never took', line({}), ours({ isMoved: false }), 'state_differs'],
  ])('%s', (_, settled, known, difference) => {
    expect(compare(settled, known)).toBe(difference);
  });
});
