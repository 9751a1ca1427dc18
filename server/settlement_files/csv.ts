/** Comma-separated values (RFC 4180), row by row as they are read: a file may be long. */

/** More in one field, or a quote that never closes, is no such file. */
const FIELD_MAX = 10_000;

/** Why a text is no CSV. */
export class NotCsv extends Error {
  override readonly name = 'NotCsv';
}

/**
 * The rows of a text that comes in pieces, cut anywhere. Line ends may be CR LF or LF; a blank line is
 * no row.
 *
 * @throws NotCsv for a field that has no end.
 */
export function* readCsv(pieces: Iterable<string>): Generator<string[]> {
  let row: string[] = [];
  let field = '';
  let quoted = false;
  /** A quote in a quoted field ends it, unless another follows. */
  let maybeEnd = false;
  let started = false;
  const end = (): string[] => {
    const whole = [...row, field];
    [row, field, started] = [[], '', false];
    return whole;
  };
  for (const piece of pieces) {
    for (const character of piece) {
      if (field.length > FIELD_MAX)
        throw new NotCsv('A field is too long, or its quote never ends.');
      if (quoted && !maybeEnd) {
        if (character === '"') maybeEnd = true;
        else field += character;
        continue;
      }
      if (quoted && character === '"') {
        field += '"';
        maybeEnd = false;
        continue;
      }
      [quoted, maybeEnd] = [false, false];
      if (character === '"' && field === '') [quoted, started] = [true, true];
      else if (character === ',') {
        row.push(field);
        [field, started] = ['', true];
      } else if (character === '\n') {
        if (started || field !== '') yield end();
      } else if (character !== '\r') field += character;
    }
  }
  if (quoted && !maybeEnd) throw new NotCsv('A quote never ends.');
  if (started || field !== '') yield end();
}

/** A text in pieces, without a byte order mark. */
export function* piecesOf(text: string): Generator<string> {
  const PIECE = 64 * 1024;
  const from = text.startsWith('\uFEFF') ? 1 : 0;
  for (let at = from; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}
