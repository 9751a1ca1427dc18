/** 1 to `count` in an order that jumps about and is the same in every run. */
export function shuffled(count: number): number[] {
  // Steps of about the golden ratio of the whole visit each place once if they share no factor with it.
  let step = Math.max(1, Math.floor(count * 0.618));
  while (gcd(step, count) !== 1) step += 1;
  return Array.from({ length: count }, (_, index) => ((index * step) % count) + 1);
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
