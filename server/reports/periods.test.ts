import { describe, expect, it } from 'vitest';
import { compared, daysOf, hourAt, pointsOf, startOf } from './periods';

const TODAY = '2026-11-29';

describe('a range', () => {
  it.each([
    ['today', { from: '2026-11-29', until: '2026-11-30' }],
    ['7d', { from: '2026-11-23', until: '2026-11-30' }],
    ['4w', { from: '2026-11-02', until: '2026-11-30' }],
    ['3m', { from: '2026-08-30', until: '2026-11-30' }],
    ['12m', { from: '2025-12-01', until: '2026-11-30' }],
    ['2026-02-01..2026-02-28', { from: '2026-02-01', until: '2026-03-01' }],
  ])('is %s', (text, days) => expect(daysOf(text, TODAY)).toEqual(days));

  it.each([
    '',
    'yesterday',
    '2026-02-01',
    '2026-02-30..2026-03-01',
    '2026-02-02..2026-02-01',
    '2020-01-01..2026-01-01',
  ])('is not %s', (text) => expect(daysOf(text, TODAY)).toBe(null));

  it('ends with the month where the month of three months ago is shorter', () => {
    expect(daysOf('3m', '2026-05-31')?.from).toBe('2026-03-01');
  });
});

describe('the range before', () => {
  it('is as long, and ends where the other begins', () => {
    expect(compared({ from: '2026-11-23', until: '2026-11-30' })).toEqual({
      step: 'day',
      range: { from: '2026-11-23', until: '2026-11-30' },
      before: { from: '2026-11-16', until: '2026-11-23' },
    });
    expect(compared({ from: '2026-03-01', until: '2026-03-02' })).toMatchObject({
      step: 'hour',
      before: { from: '2026-02-28', until: '2026-03-01' },
    });
  });

  it('of twelve months is the twelve months before, whatever their lengths', () => {
    expect(compared({ from: '2024-01-01', until: '2024-12-30' })).toMatchObject({
      step: 'month',
      before: { from: '2023-01-01', until: '2024-01-01' },
    });
  });
});

describe('the points of a chart', () => {
  it('are its hours, days or months', () => {
    expect(pointsOf({ from: '2026-11-29', until: '2026-11-30' }, 'hour')).toHaveLength(24);
    expect(pointsOf({ from: '2026-02-27', until: '2026-03-02' }, 'day')).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
    ]);
    expect(pointsOf({ from: '2026-01-20', until: '2026-03-02' }, 'month')).toEqual([
      '2026-01',
      '2026-02',
      '2026-03',
    ]);
  });
});

describe('a day in a zone', () => {
  it.each([
    ['2026-11-29', 'Etc/UTC', '2026-11-29T00:00:00Z'],
    ['2026-11-29', 'Asia/Kolkata', '2026-11-28T18:30:00Z'],
    ['2026-07-01', 'Europe/London', '2026-06-30T23:00:00Z'],
    // On the days on which clocks are put forward and back.
    ['2026-03-29', 'Europe/London', '2026-03-29T00:00:00Z'],
    ['2026-03-30', 'Europe/London', '2026-03-29T23:00:00Z'],
    ['2026-10-25', 'Europe/London', '2026-10-24T23:00:00Z'],
    ['2026-10-26', 'Europe/London', '2026-10-26T00:00:00Z'],
    ['2026-11-01', 'America/Los_Angeles', '2026-11-01T07:00:00Z'],
    ['2026-11-02', 'America/Los_Angeles', '2026-11-02T08:00:00Z'],
  ])('%s in %s begins at %s', (day, zone, at) => {
    expect(startOf(day, zone)).toBe(Date.parse(at) / 1_000);
    expect(hourAt(new Date(at), zone)).toBe(`${day}T00`);
  });
});
