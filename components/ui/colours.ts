/** Colours for code in three small languages: enough to read it, without a library to load. */

export type Language = 'json' | 'shell' | 'typescript';

export interface Piece {
  readonly text: string;
  /** A class name. */
  readonly look: string;
}

const LOOKS = {
  key: 'text-accent',
  string: 'text-good',
  word: 'text-warn',
  comment: 'text-muted italic',
} as const;

type Kind = keyof typeof LOOKS;

/** TABLE: what is coloured; the first that fits where the text stands is taken. */
const PATTERNS: Readonly<Record<Language, readonly (readonly [Kind, RegExp])[]>> = {
  json: [
    ['key', /"(?:[^"\\]|\\.)*"(?=\s*:)/y],
    ['string', /"(?:[^"\\]|\\.)*"/y],
    ['word', /\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?\b/y],
  ],
  shell: [
    ['comment', /#.*/y],
    ['string', /"(?:[^"\\]|\\.)*"|'[^']*'/y],
    ['key', /(?<=\s)--?[a-zA-Z][\w-]*/y],
  ],
  typescript: [
    ['comment', /\/\/.*/y],
    ['string', /'(?:[^'\\]|\\.)*'|`[^`]*`/y],
    ['key', /\b(?:import|from|const|await|new|return|async|for|of)\b/y],
    ['word', /\b(?:true|false|null|\d[\d_]*)\b/y],
  ],
};

/** The text in pieces, which put together are the text. */
export function coloured(text: string, language: Language): Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  for (let at = 0; at < text.length;) {
    const found = pieceAt(text, at, PATTERNS[language]);
    if (found === null) {
      plain += text[at] ?? '';
      at += 1;
      continue;
    }
    if (plain !== '') pieces.push({ text: plain, look: '' });
    plain = '';
    pieces.push(found);
    at += found.text.length;
  }
  if (plain !== '') pieces.push({ text: plain, look: '' });
  return pieces;
}

function pieceAt(
  text: string,
  at: number,
  patterns: readonly (readonly [Kind, RegExp])[],
): Piece | null {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found !== undefined && found !== '') return { text: found, look: LOOKS[kind] };
  }
  return null;
}
