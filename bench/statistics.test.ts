import { describe, expect, it } from 'vitest';
import { median, percentile } from './statistics';

describe('the median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('is between the two in the middle', () => {
    expect(median([4, 1, 2, 9])).toBe(3);
  });

  it('does not exist of nothing', () => {
    expect(median([])).toBeNaN();
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it('is the value that so many do not exceed', () => {
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
  });

  it('of one value is that value', () => {
    expect(percentile([7], 0.99)).toBe(7);
  });
});
