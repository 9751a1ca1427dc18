import { describe, expect, it } from 'vitest';
import { Busy, takingTurns } from './turns';

const HERE = new AbortController().signal;

/** Something to make that is done when it is told to be. */
function piece(made: string) {
  let finish = (): void => undefined;
  const finished = new Promise<string>((resolve) => {
    finish = () => resolve(made);
  });
  return { make: () => finished, finish };
}

const done = async (): Promise<string> => 'made';

describe('taking turns', () => {
  it('lets so many wait, and more once those are served', async () => {
    const inTurn = takingTurns({ waiting: 2, ms: 10_000 });
    const [first, second] = [piece('first'), piece('second')];
    const all = [inTurn(first.make, HERE)];
    // It is under way, and does not wait.
    await Promise.resolve();
    all.push(inTurn(second.make, HERE), inTurn(done, HERE));
    await expect(inTurn(done, HERE)).rejects.toBeInstanceOf(Busy);
    first.finish();
    second.finish();
    expect(await Promise.all(all)).toEqual(['first', 'second', 'made']);
    expect(await inTurn(done, HERE)).toBe('made');
  });

  it('makes nothing for somebody who is gone', async () => {
    const inTurn = takingTurns({ waiting: 2, ms: 10_000 });
    const [first, leaving] = [piece('first'), new AbortController()];
    const made: string[] = [];
    const begun = inTurn(first.make, HERE);
    const left = inTurn(async () => made.push('in vain'), leaving.signal);
    leaving.abort();
    first.finish();
    await begun;
    await expect(left).rejects.toBeInstanceOf(Busy);
    expect(made).toEqual([]);
  });

  it.each([
    ['fails', async () => Promise.reject(new Error('broken'))],
    [
      'cannot even begin',
      () => {
        throw new Error('broken');
      },
    ],
    ['never ends', () => new Promise<string>(() => undefined)],
  ])('goes on behind what %s', async (_, make) => {
    const inTurn = takingTurns({ waiting: 2, ms: 20 });
    const [broken, next] = [inTurn<string>(make, HERE), inTurn(done, HERE)];
    await expect(broken).rejects.toThrow(/broken|too long/);
    expect(await next).toBe('made');
  });
});
