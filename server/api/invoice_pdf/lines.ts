/**
 * Text into lines: broken where a script allows it, in the order in which it is read, each stretch
 * in a face that has its glyphs.
 */
import type { Bidi } from 'bidi-js';
import LineBreaker from 'linebreak';
import { REPLACEMENT, type Face, type Faces, type Weight } from './faces';

export interface Style {
  /** In points, as all lengths here. */
  readonly size: number;
  readonly weight: Weight;
}

/** A stretch of a line in one face. */
export interface Run {
  readonly text: string;
  readonly face: Face;
  /** From the left end of the line. */
  readonly x: number;
  readonly width: number;
  /** What it stands for, where no face has the glyphs of that. */
  readonly spoken: string | null;
}

export interface Line {
  /** In the order in which they are read, which copying and reading aloud keep to. */
  readonly runs: readonly Run[];
  readonly width: number;
}

export interface Typesetter {
  readonly linesOf: (text: string, style: Style, width: number) => Line[];
  readonly widthOf: (text: string, style: Style) => number;
}

interface Stretch {
  readonly face: Face;
  text: string;
  readonly spoken: string | null;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Whether anything in it is read from right to left. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Marks that turn the order of what is around them, variants of glyphs, and what no text holds. */
const UNSEEN =
  /(?!\n)\p{Cc}|\p{Variation_Selector}|[\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** A text as it is set. Faces are opened for what this leaves of it. */
export const clean = (text: string): string =>
  text.normalize('NFC').replaceAll('\r\n', '\n').replaceAll('\t', ' ').replaceAll(UNSEEN, '');

const JOINED = /[\p{M}\u200c\u200d]/u;

export function typesetter(faces: Faces, bidi: Bidi): Typesetter {
  const widths = new Map<string, number>();

  /** Stretches of one face, in the order of the text. */
  function stretches(text: string, weight: Weight): Stretch[] {
    const found: Stretch[] = [];
    for (const character of text) {
      const code = character.codePointAt(0) ?? 0;
      const last = found.at(-1);
      // An accent is put on its letter by the face that has both.
      const isJoined =
        last !== undefined && JOINED.test(character) && last.face.font.hasGlyphForCodePoint(code);
      const own = isJoined ? last.face : faces.of(code, weight);
      const face = own ?? faces.of(REPLACEMENT.codePointAt(0) ?? 0, weight);
      if (face === null) continue;
      if (own === null) {
        found.push({ face, text: REPLACEMENT, spoken: character });
      } else if (last?.face === face && last.spoken === null) {
        last.text += character;
      } else {
        found.push({ face, text: character, spoken: null });
      }
    }
    return found;
  }

  /** At one point. */
  function measure(face: Face, text: string): number {
    const key = `${face.name}\n${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    const width = face.font.layout(text).advanceWidth / face.font.unitsPerEm;
    widths.set(key, width);
    return width;
  }

  const widthOf = (text: string, { size, weight }: Style): number =>
    stretches(clean(text), weight).reduce((sum, run) => sum + measure(run.face, run.text), 0) *
    size;

  function setLine(text: string, { size, weight }: Style): Line {
    const parts = RIGHT_TO_LEFT.test(text) ? levelsOf(bidi, text) : [{ text, level: 0 }];
    let read = 0;
    const set = parts.map(({ text: part, level }) => {
      const runs = stretches(level % 2 === 1 ? mirrored(bidi, part) : part, weight).map((run) => ({
        ...run,
        width: measure(run.face, run.text) * size,
        place: (read += 1),
      }));
      return { level, runs: level % 2 === 1 ? reversed(runs) : runs };
    });
    let x = 0;
    const runs = inOrder(set).flatMap((part) =>
      part.runs.map((run) => {
        const at = x;
        x += run.width;
        return { ...run, x: at };
      }),
    );
    return { runs: runs.toSorted((one, other) => one.place - other.place), width: x };
  }

  const linesOf = (text: string, style: Style, width: number): Line[] =>
    clean(text)
      .split('\n')
      .flatMap((paragraph) => wrap(paragraph, width, (part) => widthOf(part, style)))
      .map((line) => setLine(line, style));

  return { linesOf, widthOf };
}

/** From right to left. Letters know their way; what is between them goes theirs. */
const reversed = <T extends { readonly text: string }>(parts: readonly T[]): T[] =>
  parts
    .toReversed()
    .map((part) =>
      RIGHT_TO_LEFT.test(part.text)
        ? part
        : { ...part, text: Array.from(part.text).toReversed().join('') },
    );

interface Level {
  readonly level: number;
}

/** The parts of a line that run the same way: from right to left where the level is odd. */
function levelsOf(bidi: Bidi, text: string): (Level & { text: string })[] {
  const parts: (Level & { text: string })[] = [];
  for (const [at, level] of bidi.getEmbeddingLevels(text, 'auto').levels.entries()) {
    const last = parts.at(-1);
    if (last?.level === level) last.text += text.charAt(at);
    else parts.push({ text: text.charAt(at), level });
  }
  return parts;
}

/** From left to right: from the highest level down, what is at least as high is turned around. */
function inOrder<T extends Level>(given: readonly T[]): T[] {
  const parts = [...given];
  for (let level = Math.max(...parts.map((part) => part.level)); level > 0; level -= 1) {
    for (let from = 0; from < parts.length; from += 1) {
      let to = from;
      while (to < parts.length && (parts[to]?.level ?? 0) >= level) to += 1;
      if (to > from) parts.splice(from, to - from, ...parts.slice(from, to).toReversed());
      from = Math.max(from, to);
    }
  }
  return parts;
}

/** A bracket opens to the other side where the text runs to the other side. */
const mirrored = (bidi: Bidi, text: string): string =>
  Array.from(text, (character) => bidi.getMirroredCharacter(character) ?? character).join('');

/** As many words a line as there is room for. A word that is wider than a line is cut. */
function wrap(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  const take = (part: string): void => {
    if (widthOf((line + part).trimEnd()) <= width) {
      line += part;
      return;
    }
    if (line !== '') lines.push(line.trimEnd());
    line = part;
    if (widthOf(part.trimEnd()) <= width) return;
    line = '';
    for (const { segment } of graphemes.segment(part)) {
      if (line !== '' && widthOf(line + segment) > width) {
        lines.push(line);
        line = '';
      }
      line += segment;
    }
  };
  for (const part of partsOf(text)) take(part);
  return [...lines, line.trimEnd()];
}

function partsOf(text: string): string[] {
  const breaker = new LineBreaker(text);
  const parts: string[] = [];
  let from = 0;
  for (let next = breaker.nextBreak(); next !== null; next = breaker.nextBreak()) {
    parts.push(text.slice(from, next.position));
    from = next.position;
  }
  return parts;
}
