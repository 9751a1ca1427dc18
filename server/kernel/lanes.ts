import { allOf } from './all';

/**
 * Does the work for each item, at most `lanes` of them at a time. Work that rejects ends its lane;
 * when all lanes have ended, so does this.
 */
export async function inLanes<T>(
  lanes: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    // The lanes share one iterator: whoever is free takes the next item.
    for (const item of queue) await work(item);
  };
  await allOf(Array.from({ length: Math.min(lanes, items.length) }, lane));
}
