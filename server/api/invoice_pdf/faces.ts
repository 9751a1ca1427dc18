/**
 * The glyphs that a text needs: Noto Sans, for most of the world's scripts, of which each document
 * holds no more than it shows. The fonts come as slices of an alphabet or of some hundred Chinese
 * characters each; only those slices are read that have something to show.
 *
 * Everything here is loaded when the first document is asked for.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Font } from 'fontkit';

/** By its place on the axis of the fonts. */
const WEIGHTS = { regular: 400, semibold: 600 } as const;
export type Weight = keyof typeof WEIGHTS;

/** A slice of a font, as a document holds it. */
export interface Face {
  readonly name: string;
  readonly font: Font;
}

export interface Faces {
  readonly all: readonly Face[];
  /** The face that has the character, in another weight where this one lacks it; null where none has. */
  readonly of: (character: number, weight: Weight) => Face | null;
}

/** What stands for a character that no font has. */
export const REPLACEMENT = '\u{fffd}';

/** Whoever has a character first shows it: Chinese characters are set as China writes them. */
const FAMILIES = [
  'noto-sans',
  'noto-sans-arabic',
  'noto-sans-hebrew',
  'noto-sans-thai',
  'noto-sans-sc',
  'noto-sans-kr',
];

/** Numbers and the words of every document, beside what it says itself. */
const ALWAYS = ` ${String.fromCharCode(...Array.from({ length: 94 }, (_, at) => at + 33))}${REPLACEMENT}–—·•`;

/** The faces to set the texts in, which may hold characters of any script. */
export async function openFaces(texts: Readonly<Record<Weight, string>>): Promise<Faces> {
  const found = {
    regular: await facesFor(texts.regular + ALWAYS, 'regular'),
    semibold: await facesFor(texts.semibold + ALWAYS, 'semibold'),
  };
  return {
    all: [...found.regular.faces, ...found.semibold.faces],
    of: (character, weight) =>
      found[weight].byCharacter.get(character) ?? found.regular.byCharacter.get(character) ?? null,
  };
}

interface Found {
  readonly faces: Face[];
  readonly byCharacter: Map<number, Face>;
}

async function facesFor(text: string, weight: Weight): Promise<Found> {
  const found: Found = { faces: [], byCharacter: new Map() };
  let pending = charactersOf(text);
  for (const family of FAMILIES) {
    if (pending.length === 0) break;
    for (const { name, has } of await slicesOf(family)) {
      const wanted = pending.filter(has);
      if (wanted.length === 0) continue;
      const face = await openFace(family, name, { text, weight });
      found.faces.push(face);
      for (const character of wanted) {
        if (face.font.hasGlyphForCodePoint(character)) found.byCharacter.set(character, face);
      }
      pending = pending.filter((character) => !found.byCharacter.has(character));
    }
  }
  return found;
}

const charactersOf = (text: string): number[] => [
  ...new Set(Array.from(text, (character) => character.codePointAt(0) ?? 0)),
];

async function openFace(
  family: string,
  slice: string,
  { text, weight }: { readonly text: string; readonly weight: Weight },
): Promise<Face> {
  const [{ default: subsetFont }, { create }] = await Promise.all([
    import('subset-font'),
    import('fontkit'),
  ]);
  const file = path.join(folderOf(family), 'files', `${family}-${slice}-wght-normal.woff2`);
  // The whole text, so that an accent stays with whatever letter it is put on.
  const glyphs = await subsetFont(await readFile(file), text, {
    targetFormat: 'truetype',
    variationAxes: { wght: WEIGHTS[weight] },
  });
  return { name: `${family}-${slice}-${weight}`, font: create(glyphs) as Font };
}

interface Slice {
  readonly name: string;
  /** Whether it claims the character; a few that are claimed are missing all the same. */
  readonly has: (character: number) => boolean;
}

const slices = new Map<string, Promise<readonly Slice[]>>();

/** Read once: which characters the slices of a family have. */
function slicesOf(family: string): Promise<readonly Slice[]> {
  const known = slices.get(family) ?? readSlices(family);
  slices.set(family, known);
  return known;
}

async function readSlices(family: string): Promise<readonly Slice[]> {
  const table = await readFile(path.join(folderOf(family), 'unicode.json'), 'utf8');
  return Object.entries(JSON.parse(table) as Record<string, string>).map(([name, list]) => {
    const ranges = list.split(',').map(rangeOf);
    return {
      // Numbered ones stand in brackets.
      name: name.replaceAll(/[[\]]/g, ''),
      has: (character) => ranges.some(([first, last]) => first <= character && character <= last),
    };
  });
}

/** `U+0460-052F`, or one character. */
function rangeOf(text: string): readonly [first: number, last: number] {
  const [first = '', last = first] = text.replace('U+', '').split('-');
  return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
}

const require = createRequire(import.meta.url);

const folderOf = (family: string): string =>
  path.dirname(require.resolve(`@fontsource-variable/${family}/unicode.json`));
