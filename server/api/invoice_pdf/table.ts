/** The lines of an invoice, over as many pages as they need. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Row } from './content';
import { LINE, SMALL, TEXT } from './inks';
import { decorate, draw, heightOf, rule, within, write, type Cursor, type Ink } from './sheet';

type Key = Exclude<keyof Row, 'detail'>;

interface Column {
  readonly key: Key;
  readonly head: string;
  readonly x: number;
  readonly width: number;
  readonly ink: Ink;
}

const HEADS: readonly (readonly [key: Key, head: string])[] = [
  ['description', 'Description'],
  ['quantity', 'Qty'],
  ['price', 'Unit price'],
  ['tax', 'Tax'],
  ['amount', 'Amount'],
];

/** From one column to the next. */
const GAP = 16;

/** Above and below the text of a row. */
const PADDING = 5.5;

/** So many rows are set before others have their turn. */
const ROWS_AT_ONCE = 20;

export async function tableOf(cursor: Cursor, rows: readonly Row[]): Promise<void> {
  const { sheet, left, width } = cursor;
  const columns = columnsOf(cursor, rows);
  const table = within(sheet, sheet.root, 'Table');
  cursor.y += 20;
  cursor.room(70);
  head(cursor, columns, table);
  for (const [index, row] of rows.entries()) {
    if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await breathe();
    const cells = columns.map((column) => ({
      column,
      lines: sheet.set.linesOf(row[column.key] ?? '', column.ink, column.width),
    }));
    const detail = sheet.set.linesOf(row.detail, SMALL, columns[0]?.width ?? width);
    const details = row.detail === '' ? [] : detail;
    const height = Math.max(
      ...cells.map(({ column, lines }) =>
        column.key === 'description'
          ? heightOf(lines, column.ink) + heightOf(details, SMALL)
          : heightOf(lines, column.ink),
      ),
    );
    if (cursor.room(Math.min(height + 2 * PADDING, 600))) head(cursor, columns, null);
    const element = within(sheet, table, 'TR');
    const y = cursor.y + PADDING;
    for (const { column, lines } of cells) {
      const cell = within(sheet, element, 'TD');
      const tall = write(sheet, cell, lines, { ...column, ...column.ink, y });
      if (column.key !== 'description' || details.length === 0) continue;
      write(sheet, cell, details, { ...column, ...SMALL, y: y + tall });
    }
    cursor.y += height + 2 * PADDING;
    rule(sheet, { x: left, y: cursor.y, width }, LINE);
  }
}

/** As wide as what stands in them; what is left is for the description. */
function columnsOf({ sheet, left, width }: Cursor, rows: readonly Row[]): Column[] {
  const shown = HEADS.filter(([key]) => rows.some((row) => row[key] !== null && row[key] !== ''));
  const widths = new Map<Key, number>();
  for (const [key, title] of shown) {
    if (key === 'description') continue;
    const ink = inkOf(key);
    const texts = new Set(rows.map((row) => row[key] ?? ''));
    const widest = Math.max(...[...texts].map((text) => sheet.set.widthOf(text, ink)));
    widths.set(key, Math.min(Math.max(widest, sheet.set.widthOf(title, SMALL)) + 0.5, width / 4));
  }
  let x = left + width;
  const columns = shown.toReversed().map(([key, title]): Column => {
    const own = widths.get(key);
    const wide = own ?? x - left;
    x -= wide;
    const column = { key, head: title, x, width: wide, ink: inkOf(key) };
    x -= GAP;
    return column;
  });
  return columns.toReversed();
}

const inkOf = (key: Key): Ink => ({
  ...TEXT,
  weight: key === 'amount' ? 'semibold' : 'regular',
  align: key === 'description' ? 'left' : 'right',
});

/** Read out once, and shown on every page. */
function head(
  cursor: Cursor,
  columns: readonly Column[],
  table: PDFKit.PDFStructureElement | null,
): void {
  const { sheet, left, width, accent, y } = cursor;
  const row = table === null ? null : within(sheet, table, 'TR');
  for (const { head: title, x, width: wide, ink } of columns) {
    const place = { x, y, width: wide, ...SMALL, align: ink.align };
    const lines = sheet.set.linesOf(title, SMALL, wide + 1);
    if (row === null) decorate(sheet, () => draw(sheet, lines, place));
    else write(sheet, within(sheet, row, 'TH', { scope: 'Column' }), lines, place);
  }
  rule(sheet, { x: left, y: y + 17, width }, accent, 1.25);
  cursor.y += 17;
}
