import { describe, expect, it } from 'vitest';
import { changes, placesOf, type Change, type Changes, type Shape } from './changes';
import { invoices } from './schema/invoices';
import { prices } from './schema/prices';
import { processor_attempts } from './schema/processor_attempts';

const shapeOf = (table: string, verb: string): Shape => ({
  table,
  one: `${verb} ${table} $1 $2`,
  many: `${verb} many ${table} $1::text[] $2::text[]`,
});
const insertA = shapeOf('a', 'insert');
const updateA = shapeOf('a', 'update');
const insertB = shapeOf('b', 'insert');

const change = (shape: Shape, id: string, given: Partial<Change> = {}): Change => ({
  shape,
  columns: ['id', 'x'],
  values: [id, `x of ${id}`],
  releases: false,
  claims: null,
  isHeld: false,
  ...given,
});

/** What is sent of these changes. */
function sentBy(work: (pending: Changes) => void): [string, readonly unknown[]][] {
  const sent: [string, readonly unknown[]][] = [];
  const pending = changes((text, params) => sent.push([text, params]));
  work(pending);
  pending.flush();
  return sent;
}

describe('changes', () => {
  it('sends one as it is', () => {
    const sent = sentBy(({ put }) => put('1', change(insertA, '1')));
    expect(sent).toEqual([['insert a $1 $2', ['1', 'x of 1']]]);
  });

  it('sends several as one statement, with their values numbered on', () => {
    const sent = sentBy(({ put }) => {
      put('1', change(insertA, '1'));
      put('2', change(insertB, '2'));
      put('3', change(updateA, '3'));
    });
    expect(sent).toEqual([
      [
        'with w0 as (insert a $1 $2), w1 as (update a $3 $4) insert b $5 $6',
        ['1', 'x of 1', '3', 'x of 3', '2', 'x of 2'],
      ],
    ]);
  });

  it('sends documents of many rows as one text, without escapes', () => {
    const shape = { ...insertA, documents: new Set([1]) };
    const sent = sentBy(({ put }) => {
      put('1', change(shape, '1', { values: ['1', '{"a":"b"}'] }));
      put('2', change(shape, '2', { values: ['2', null] }));
    });
    expect(sent[0]?.[1]).toEqual(['{"1","2"}', '{"a":"b"}\u001FNULL']);
  });

  it('sends rows of one shape as arrays, and the same text for any number of them', () => {
    const texts = [2, 3].map((count) =>
      sentBy(({ put }) => {
        for (let row = 0; row < count; row++) put(`${row}`, change(insertA, `${row}`));
      }),
    );
    expect(texts).toEqual([
      [['insert many a $1::text[] $2::text[]', ['{"0","1"}', '{"x of 0","x of 1"}']]],
      [['insert many a $1::text[] $2::text[]', ['{"0","1","2"}', '{"x of 0","x of 1","x of 2"}']]],
    ]);
  });

  it('sends what waits only for a read of its table', () => {
    const sent = sentBy((pending) => {
      pending.put('1', change(insertA, '1'));
      pending.flush({ tables: ['b'] });
      pending.put('2', change(insertB, '2'));
    });
    expect(sent).toHaveLength(1);
    const apart = sentBy((pending) => {
      pending.put('1', change(insertA, '1'));
      pending.flush({ tables: ['a'] });
      pending.put('2', change(insertB, '2'));
    });
    expect(apart).toHaveLength(2);
  });

  it('lets the database refuse a row that is inserted twice', () => {
    const sent = sentBy(({ put }) => {
      put('1', change(insertA, '1'));
      put('1', change(insertA, '1'));
    });
    expect(sent).toHaveLength(2);
  });

  it('frees a unique place before it is taken', () => {
    const sent = sentBy(({ put }) => {
      put('1', change(updateA, '1', { releases: true, claims: 'answered' }));
      put('2', change(insertA, '2', { claims: 'insert 2' }));
    });
    expect(sent.map(([text]) => text)).toEqual(['update a $1 $2', 'insert a $1 $2']);
  });

  it('does not wait between rows that all leave their places in the same way', () => {
    const closed = { releases: true, claims: 'answered' };
    const sent = sentBy(({ put }) => {
      put('1', change(updateA, '1', { ...closed, values: ['1', 'one'] }));
      put('2', change(updateA, '2', { ...closed, values: ['2', 'other'] }));
    });
    expect(sent).toHaveLength(1);
  });

  it('takes nothing once it is closed', () => {
    const pending = changes(() => undefined);
    pending.close();
    expect(() => pending.put('1', change(insertA, '1'))).toThrow('over');
  });
});

describe('placesOf', () => {
  it('names what unique indexes are over, and what they depend on', () => {
    expect([...placesOf(prices)].toSorted()).toEqual(['livemode', 'lookup_key', 'project_id']);
    expect(placesOf(processor_attempts)).toContain('status');
    expect(placesOf(invoices)).toContain('cycle');
    expect(placesOf(invoices)).not.toContain('status');
  });
});
