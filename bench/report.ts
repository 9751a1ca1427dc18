/** What was measured, for people and as JSON. */
import type { Result, Target } from './figure';
import { median } from './statistics';

/** Each value divided by the baseline that was taken beside it. */
export const ratiosOf = ({ values, baseline }: Result): number[] =>
  baseline === undefined ? [] : values.map((value, pair) => value / baseline.values[pair]!);

/** Whether the median meets the target; null where there is none. */
export function isMet(result: Result): boolean | null {
  const { target } = result;
  if (target === undefined) return null;
  const measured = median(target.of === 'ratio' ? ratiosOf(result) : result.values);
  return target.is === 'at least' ? measured >= target.bound : measured <= target.bound;
}

const digits = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 3);

const spread = (values: readonly number[]): string =>
  values.length === 1
    ? digits(median(values))
    : `${digits(median(values))} (${digits(Math.min(...values))}–${digits(Math.max(...values))})`;

const describe = ({ of, is, bound }: Target): string =>
  `${is === 'at least' ? '≥' : '≤'} ${bound}${of === 'ratio' ? ' ×' : ''}`;

/** Some lines: the figure, its baseline and the ratio, each as median (least–most), and the target. */
export function format(result: Result): string {
  const { figure, unit, values, baseline, target, notes } = result;
  const lines = [`  ${spread(values)} ${unit}`];
  if (baseline !== undefined) {
    lines.push(`  ${spread(baseline.values)} ${baseline.of}`);
    lines.push(`  ${spread(ratiosOf(result))} × the baseline`);
  }
  if (target !== undefined) {
    lines.push(`  target ${describe(target)}: ${isMet(result) === true ? 'met' : 'MISSED'}`);
  }
  if (notes !== undefined) {
    const noted = Object.entries(notes).map(([name, value]) => `${name} ${digits(value)}`);
    lines.push(`  (${noted.join(', ')})`);
  }
  return `${figure}\n${lines.join('\n')}\n`;
}
