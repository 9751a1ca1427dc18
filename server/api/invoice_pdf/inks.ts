/** The colours and letters of a document. All text has at least the contrast of 4.5 to 1. */
import type { Mark } from './content';
import type { Ink } from './sheet';

export const INK = '#14202e';
const MUTED = '#56657a';
export const LINE = '#dde2ea';
/** Of rules and edges, where the merchant has no colour. */
export const ACCENT = '#0b6e6e';

export const TEXT: Ink = { size: 9.5, weight: 'regular', colour: INK };
export const STRONG: Ink = { ...TEXT, weight: 'semibold' };
export const QUIET: Ink = { ...TEXT, colour: MUTED };
export const SMALL: Ink = { ...QUIET, size: 8.5 };

/** A word on a coloured ground. */
export interface Chip {
  readonly colour: string;
  readonly ground: string;
}

export const WARN: Chip = { colour: '#8a5300', ground: '#fdf1dc' };

export const CHIPS: Readonly<Record<Mark, Chip>> = {
  Paid: { colour: '#14683a', ground: '#dff3e6' },
  Uncollectible: WARN,
  Void: { colour: '#9b1c1c', ground: '#fbe3e3' },
};
