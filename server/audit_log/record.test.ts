import { describe, expect, it } from 'vitest';
import { changed } from './record';

describe('what an entry keeps', () => {
  it('is all of what is new, or gone', () => {
    expect(changed(null, { a: 1 })).toEqual([null, { a: 1 }]);
    expect(changed({ a: 1 }, null)).toEqual([{ a: 1 }, null]);
    expect(changed(null, null)).toEqual([null, null]);
  });

  it('is of a change what differs, at the depth of the fields', () => {
    const before = { a: 1, b: { c: [1, 2] }, gone: true, same: { x: 1 } };
    const after = { a: 2, b: { c: [1, 3] }, same: { x: 1 }, come: 'x' };
    expect(changed(before, after)).toEqual([
      { a: 1, b: { c: [1, 2] }, gone: true, come: null },
      { a: 2, b: { c: [1, 3] }, gone: null, come: 'x' },
    ]);
  });
});
