/**
 * Work that takes a processor for a moment is done one piece at a time, so that the rest of the server
 * goes on meanwhile. Whoever has an address may ask for it: no more wait than can be served.
 */

/** Nothing was made, because too much is asked for: it may be asked for again. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

interface Bounds {
  /** Beside the one whose turn it is. */
  readonly waiting: number;
  /** How long a turn lasts before the next one begins all the same. */
  readonly ms: number;
}

type InTurn = <Made>(make: () => Promise<Made>, gone: AbortSignal) => Promise<Made>;

/**
 * Makes one thing after another. What fails or hangs does not keep those behind it, and nothing is made
 * for somebody who is gone when their turn comes.
 *
 * @throws Busy
 */
export function takingTurns({ waiting: most, ms }: Bounds): InTurn {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return (make, gone) => {
    if (waiting >= most) return Promise.reject(new Busy('Too many wait already.'));
    waiting += 1;
    const made = last.then(() => {
      waiting -= 1;
      if (gone.aborted) throw new Busy('Nobody waits for it any more.');
      return within(ms, make());
    });
    last = made.catch(() => undefined);
    return made;
  };
}

/** @throws Busy where it takes longer. */
async function within<Made>(ms: number, made: Promise<Made>): Promise<Made> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Busy('It took too long.')), ms);
  });
  return Promise.race([made, late]).finally(() => clearTimeout(timer));
}
