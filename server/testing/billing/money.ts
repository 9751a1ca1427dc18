/** Money to check the engine's by: pence as bigint, and fractions of them until the last moment. */

/** `over ÷ under`, exactly. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** `12.345` as a fraction. */
export function decimal(text: string): Fraction {
  const [whole = '', decimals = ''] = text.split('.');
  return { over: BigInt(whole + decimals), under: 10n ** BigInt(decimals.length) };
}

export const times = (one: Fraction, other: Fraction): Fraction => ({
  over: one.over * other.over,
  under: one.under * other.under,
});

export const plus = (one: Fraction, other: Fraction): Fraction => ({
  over: one.over * other.under + other.over * one.under,
  under: one.under * other.under,
});

export const whole = (pence: bigint | number): Fraction => ({ over: BigInt(pence), under: 1n });

/** To the nearest penny; from the middle between two, away from zero. */
export function rounded({ over, under }: Fraction): bigint {
  if (over < 0n) return -rounded({ over: -over, under });
  const [pence, rest] = [over / under, over % under];
  return rest * 2n >= under ? pence + 1n : pence;
}

export const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((added, amount) => added + amount, 0n);

/**
 * Deals `total` out in proportion to `weights`: to each the whole pence of its share, and the pence
 * that are left one by one to whoever got the least of what was due to them.
 */
export function dealt(total: bigint, weights: readonly bigint[]): bigint[] {
  if (total < 0n) return dealt(-total, weights).map((part) => -part);
  const all = sum(weights);
  if (all === 0n) return weights.map(() => 0n);
  const parts = weights.map((weight) => (total * weight) / all);
  const missed = weights.map((weight) => (total * weight) % all);
  for (let left = total - sum(parts); left > 0n; left--) {
    const most = missed.reduce((one, other) => (other > one ? other : one), -1n);
    const lucky = missed.indexOf(most);
    parts[lucky] = (parts[lucky] ?? 0n) + 1n;
    missed[lucky] = -1n;
  }
  return parts;
}
