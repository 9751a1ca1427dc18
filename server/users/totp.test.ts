import { describe, expect, it } from 'vitest';
import { newTotpSecret, openTotp, sealTotp, stepOfCode, totpUri } from './totp';

/** `12345678901234567890` in base32: the secret of RFC 6238, appendix B. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a code', () => {
  // The last six of the RFC's eight digits.
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_234_567_890, '005924', 41_152_263],
    [20_000_000_000, '353130', 666_666_666],
  ])('of the second %i is %s', (second, code, step) => {
    expect(stepOfCode(RFC_SECRET, code, new Date(second * 1000))).toBe(step);
  });

  it('is taken half a minute early or late, and no further', () => {
    const at = (second: number) => stepOfCode(RFC_SECRET, '081804', new Date(second * 1000));
    const step = 37_037_036;
    const begin = step * 30;
    expect([begin - 31, begin - 30, begin, begin + 59, begin + 60].map(at)).toEqual([
      null,
      step,
      step,
      step,
      null,
    ]);
  });
});

describe('a secret', () => {
  it('is 160 random bits, and goes into the address that authenticators read', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(secret);
    expect(totpUri(secret, 'ada@example.com')).toBe(
      `otpauth://totp/Calmony%20Pay:ada%40example.com?issuer=Calmony%20Pay&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    );
  });

  it('opens for the user it was sealed for, and for no other', () => {
    const ring = new Map([['key', Buffer.alloc(32, 7)]]);
    const sealed = sealTotp(ring, RFC_SECRET, 'user_1');
    expect(openTotp(ring, sealed, 'user_1')).toBe(RFC_SECRET);
    expect(() => openTotp(ring, sealed, 'user_2')).toThrow();
  });
});
