/** Where everything stands on the paper. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Content } from './content';
import { ACCENT, CHIPS, INK, LINE, QUIET, SMALL, STRONG, TEXT, WARN, type Chip } from './inks';
import type { Party } from './parties';
import {
  decorate,
  draw,
  heightOf,
  rule,
  within,
  write,
  type Cursor,
  type Ink,
  type Place,
  type Sheet,
} from './sheet';
import { tableOf } from './table';

export interface Look {
  /** The merchant's, as `#0b6e6e`: of rules and edges only, because no text is to be too pale. */
  readonly colour: string | null;
  /** A PNG or JPEG. */
  readonly logo: Buffer | null;
}

/** The margins of a page, in points. The foot stands in the lower one. */
const MARGIN = 50;
const FOOT = 60;

/** Between two columns of text. */
const GUTTER = 24;

/** How wide a text is: longer lines are hard to read. */
const MEASURE = 440;

export async function compose(sheet: Sheet, content: Content, look: Look): Promise<void> {
  const cursor = begin(sheet, look.colour ?? ACCENT);
  head(cursor, content, look);
  headline(cursor, content);
  if (content.memo !== null) paragraph(cursor, content.memo, TEXT, 14);
  await tableOf(cursor, content.rows);
  sums(cursor, content);
  for (const remark of content.remarks) paragraph(cursor, remark, TEXT, 10);
  if (content.footer !== null) {
    const lines = sheet.set.linesOf(content.footer, SMALL, MEASURE);
    // In one piece, unless it is long.
    if (!cursor.room(Math.min(heightOf(lines, SMALL) + 28, 300))) {
      cursor.y += 18;
      rule(sheet, { x: cursor.left, y: cursor.y, width: cursor.width }, LINE);
    }
    paragraph(cursor, content.footer, SMALL, 10);
  }
  await breathe();
  feet(cursor, content);
}

function begin(sheet: Sheet, accent: string): Cursor {
  const { doc } = sheet;
  doc.addPage();
  const { width, height } = doc.page;
  decorate(sheet, () => doc.rect(0, 0, width, 6).fill(accent));
  const cursor: Cursor = {
    sheet,
    left: MARGIN,
    width: width - 2 * MARGIN,
    accent,
    y: MARGIN,
    room: (needed) => {
      if (cursor.y + needed <= height - FOOT) return false;
      doc.addPage();
      cursor.y = MARGIN;
      return true;
    },
  };
  return cursor;
}

/** What it is and its particulars on the left; whose it is on the right, as on a letter. */
function head(cursor: Cursor, content: Content, { logo }: Look): void {
  const { left, width } = cursor;
  const column = (width - GUTTER) / 2;
  const [one, other] = [
    { x: left, width: column },
    { x: left + column + GUTTER, width: column },
  ] as const;
  const titled = title(cursor, content, one);
  const issued = issuer(cursor, content, { ...other, logo });
  const facts = particulars({ ...cursor, y: cursor.y + titled }, content, one);
  cursor.y += Math.max(titled + facts, issued) + 20;
  const tall = content.parties.map((who, index) =>
    party(cursor, who, index % 2 === 0 ? one : other),
  );
  cursor.y += Math.max(0, ...tall) + 24;
}

type Span = Omit<Place, 'y'>;

/** The title and what marks the invoice; answers how tall they are, with the room below them. */
function title(cursor: Cursor, { mark, isTest }: Content, span: Span): number {
  const { sheet, y } = cursor;
  const ink: Ink = { size: 25, weight: 'semibold', colour: INK, leading: 1.2 };
  const lines = sheet.set.linesOf('Invoice', ink, span.width);
  write(sheet, within(sheet, sheet.root, 'H1'), lines, { ...span, y: y - 2, ...ink });
  let x = span.x + (lines[0]?.width ?? 0) + 12;
  if (mark !== null) x = chip(cursor, x, mark, CHIPS[mark]);
  if (isTest) chip(cursor, x, 'Test mode', WARN);
  return 46;
}

/** The merchant's logo or name, and where they are; answers how tall it is. */
function issuer(
  cursor: Cursor,
  { issuer: { name, lines } }: Content,
  { logo, ...span }: Span & Pick<Look, 'logo'>,
): number {
  const { sheet, y } = cursor;
  const drawn = logo === null ? 0 : picture(cursor, logo, { ...span, alt: name });
  const block = within(sheet, sheet.root, 'Sect');
  const ink: Ink = drawn > 0 ? STRONG : { ...STRONG, size: 14, leading: 1.3 };
  let at = y + (drawn > 0 ? drawn + 10 : 4);
  const add = (text: string, how: Ink): void => {
    const set = sheet.set.linesOf(text, how, span.width);
    at += write(sheet, within(sheet, block, 'P'), set, { ...span, y: at, ...how });
  };
  add(name, ink);
  at += 2;
  for (const line of lines) add(line, TEXT);
  return at - y;
}

/** A word on a coloured ground, beside the title; answers where the next one may begin. */
function chip(cursor: Cursor, x: number, word: string, { colour, ground }: Chip): number {
  const { sheet } = cursor;
  const ink: Ink = { size: 9, weight: 'semibold', colour };
  const lines = sheet.set.linesOf(word, ink, cursor.width);
  const width = (lines[0]?.width ?? 0) + 16;
  const y = cursor.y + 5.5;
  decorate(sheet, () => sheet.doc.roundedRect(x, y, width, 17, 8.5).fill(ground));
  write(sheet, within(sheet, sheet.root, 'P'), lines, { x: x + 8, y: y + 2.1, width, ...ink });
  return x + width + 6;
}

/** The logo; answers how tall it is, which is nothing if it is damaged. */
function picture(
  { sheet, y }: Cursor,
  logo: Buffer,
  { x, alt }: Span & { readonly alt: string },
): number {
  const { doc, root } = sheet;
  const [most, tallest] = [170, 48];
  try {
    const image = doc.openImage(logo);
    const scale = Math.min(most / image.width, tallest / image.height);
    const size = { width: image.width * scale, height: image.height * scale };
    within(sheet, root, 'Figure', { alt }).add(() => doc.image(image as never, x, y, size));
    return size.height;
  } catch {
    return 0;
  }
}

/** Answers how tall they are. */
function particulars({ sheet, ...cursor }: Cursor, { particulars: all }: Content, span: Span) {
  const list = within(sheet, sheet.root, 'L');
  const terms = all.map(([term]) => sheet.set.linesOf(term, QUIET, span.width * 0.45));
  const column = Math.max(...terms.flat().map((line) => line.width)) + 18;
  let { y } = cursor;
  for (const [index, [, text]] of all.entries()) {
    const item = within(sheet, list, 'LI');
    const lines = sheet.set.linesOf(text, STRONG, span.width - column);
    const term = terms[index] ?? [];
    write(sheet, within(sheet, item, 'Lbl'), term, { ...span, y, ...QUIET });
    write(sheet, within(sheet, item, 'LBody'), lines, {
      ...span,
      x: span.x + column,
      y,
      ...STRONG,
    });
    y += Math.max(heightOf(lines, STRONG), heightOf(term, QUIET)) + 1.5;
  }
  return y - cursor.y;
}

/** Answers how tall it is. */
function party({ sheet, ...cursor }: Cursor, { title, name, lines }: Party, span: Span): number {
  const block = within(sheet, sheet.root, 'Sect');
  let { y } = cursor;
  const add = (text: string, ink: Ink): void => {
    const set = sheet.set.linesOf(text, ink, span.width);
    y += write(sheet, within(sheet, block, 'P'), set, { ...span, y, ...ink });
  };
  add(title, SMALL);
  y += 1.5;
  if (name !== null) add(name, STRONG);
  for (const line of lines) add(line, TEXT);
  return y - cursor.y;
}

function headline(cursor: Cursor, { headline: text, payAt }: Content): void {
  const { sheet, left, width } = cursor;
  const { doc, set, root } = sheet;
  const ink: Ink = { size: 17, weight: 'semibold', colour: INK, leading: 1.3 };
  const lines = set.linesOf(text, ink, width);
  cursor.room(heightOf(lines, ink) + 30);
  const place = { x: left, width };
  cursor.y += write(sheet, within(sheet, root, 'P'), lines, { ...place, y: cursor.y, ...ink });
  if (payAt === null) return;
  cursor.y += 4;
  const words = set.linesOf('Pay online', STRONG, width);
  const link = within(sheet, root, 'Link', { alt: 'Pay online' });
  const box = { y: cursor.y, width: words[0]?.width ?? 0, height: heightOf(words, STRONG) };
  write(sheet, link, words, { ...place, y: cursor.y, ...STRONG });
  doc.link(left, box.y, box.width, box.height, payAt, { structParent: link });
  rule(sheet, { x: left, y: box.y + box.height - 1, width: box.width }, cursor.accent, 1);
  cursor.y += box.height;
}

/** Text over the whole width, line by line, so that it may go on on another page. */
function paragraph(cursor: Cursor, text: string, ink: Ink, before: number): void {
  const { sheet, left, width } = cursor;
  const element = within(sheet, sheet.root, 'P');
  cursor.y += before;
  for (const line of sheet.set.linesOf(text, ink, MEASURE)) {
    cursor.room(heightOf([line], ink));
    cursor.y += write(sheet, element, [line], { x: left, y: cursor.y, width, ...ink });
  }
}

function sums(cursor: Cursor, { sums: all }: Content): void {
  const { sheet, left, width } = cursor;
  const { set } = sheet;
  const amounts = Math.max(...all.map(({ text }) => set.widthOf(text, STRONG))) + 18;
  const column = Math.max((width - GUTTER) / 2, amounts + 150);
  const x = left + width - column;
  const inks = { step: TEXT, sum: STRONG, within: QUIET, due: { ...STRONG, size: 11 } };
  const rows = all.map(({ term, text, kind }) => {
    const ink: Ink = inks[kind];
    const lines = set.linesOf(term, ink, column - amounts);
    return {
      kind,
      ink,
      lines,
      amount: set.linesOf(text, ink, column),
      height: heightOf(lines, ink) + 7,
    };
  });
  const height = rows.reduce((sum, row) => sum + row.height, 0);
  // Together, unless that is more than a page.
  cursor.room(Math.min(height + 10, 500));
  cursor.y += 8;
  const table = within(sheet, sheet.root, 'Table');
  for (const [index, { kind, ink, lines, amount, height: tall }] of rows.entries()) {
    cursor.room(tall);
    const { y } = cursor;
    if (index > 0) {
      rule(
        sheet,
        { x, y, width: column },
        kind === 'due' ? cursor.accent : LINE,
        kind === 'due' ? 1.25 : 0.75,
      );
    }
    const row = within(sheet, table, 'TR');
    const place = { y: y + 3.5, width: column, ...ink };
    write(sheet, within(sheet, row, 'TH', { scope: 'Row' }), lines, { ...place, x });
    write(sheet, within(sheet, row, 'TD'), amount, { ...place, x, align: 'right' });
    cursor.y += tall;
  }
}

/** What stands at the foot of every page, once it is known how many there are. */
function feet({ sheet, left, width }: Cursor, { foot, mark }: Content): void {
  const { doc, set } = sheet;
  const { start, count } = doc.bufferedPageRange();
  for (let index = start; index < start + count; index += 1) {
    doc.switchToPage(index);
    const y = doc.page.height - 44;
    rule(sheet, { x: left, y: y - 8, width }, LINE);
    const number = `Page ${index - start + 1} of ${count}`;
    const ink: Ink = { ...SMALL, size: 8 };
    decorate(sheet, () => {
      draw(sheet, set.linesOf(foot, ink, width - 90).slice(0, 1), { x: left, y, width, ...ink });
      draw(sheet, set.linesOf(number, ink, 80), { x: left, y, width, ...ink, align: 'right' });
    });
    if (mark === 'Void') watermark(sheet, 'VOID');
  }
}

/** Across the page, and hardly there. */
function watermark(sheet: Sheet, word: string): void {
  const { doc, set } = sheet;
  const ink: Ink = { size: 170, weight: 'semibold', colour: CHIPS.Void.colour, leading: 1 };
  const lines = set.linesOf(word, ink, 2_000);
  const [x, y] = [doc.page.width / 2, doc.page.height / 2];
  const width = lines[0]?.width ?? 0;
  doc
    .save()
    .rotate(-45, { origin: [x, y] })
    .fillOpacity(0.07);
  decorate(sheet, () =>
    draw(sheet, lines, { x: x - width / 2, y: y - ink.size / 2, width, ...ink }),
  );
  doc.restore();
}
