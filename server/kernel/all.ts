/**
 * As `Promise.all`, but waits for all of them also when one fails. For work that shares a
 * transaction: what still ran when it was rolled back would run outside it.
 */
export async function allOf<T>(under: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(under);
  return Promise.all(under);
}
