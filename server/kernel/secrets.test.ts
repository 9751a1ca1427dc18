import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSigned, sign } from './secrets';

const OLD = randomBytes(32);
const before = new Map([['old', OLD]]);
const after = new Map([
  ['new', randomBytes(32)],
  ['old', OLD],
]);

describe('a signature', () => {
  it('is of one text, and fits into an address', () => {
    const signature = sign(before, 'this');
    expect(signature).toMatch(/^[-\w]{22}$/);
    expect(isSigned(before, 'this', signature)).toBe(true);
    expect(isSigned(before, 'that', signature)).toBe(false);
    expect(isSigned(before, 'this', sign(new Map([['other', randomBytes(32)]]), 'this'))).toBe(
      false,
    );
  });

  it('outlives the key that made it, as long as that is in the ring', () => {
    const signature = sign(before, 'this');
    expect(isSigned(after, 'this', signature)).toBe(true);
    expect(sign(after, 'this')).not.toBe(signature);
    expect(isSigned(after, 'this', sign(after, 'this'))).toBe(true);
  });
});
