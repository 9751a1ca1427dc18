import { describe, expect, it } from 'vitest';
import { hashPassword, isOutdated, isPassword } from './password';

describe('a password', () => {
  it('is hashed with Argon2id, each time with another salt', async () => {
    const [one, two] = await Promise.all([hashPassword('same'), hashPassword('same')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await isPassword('same', one)).toBe(true);
    expect(await isPassword('Same', one)).toBe(false);
  });

  it('is the same however its characters are composed', async () => {
    const hash = await hashPassword('caf\u00e9');
    expect(await isPassword('cafe\u0301', hash)).toBe(true);
  });

  it('of nobody is never right, nor is an empty one', async () => {
    expect(await isPassword('', null)).toBe(false);
    expect(await isPassword('anything', null)).toBe(false);
    expect(await isPassword('', await hashPassword('x'))).toBe(false);
  });

  it('does not hold up what else there is to do', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await Promise.all(Array.from({ length: 4 }, () => hashPassword('x')));
    clearInterval(timer);
    // On the event loop, none would have passed between the first and the last.
    expect(turns).toBeGreaterThan(4);
  });
});

describe('a hash', () => {
  it('is outdated where it was made in another way than today', async () => {
    expect(isOutdated(await hashPassword('x'))).toBe(false);
    expect(isOutdated('scrypt$131072$8$1$c2FsdA==$aGFzaA==')).toBe(true);
    expect(isOutdated('$argon2id$v=19$m=4096,t=1,p=1$c2FsdA$aGFzaA')).toBe(true);
  });
});
