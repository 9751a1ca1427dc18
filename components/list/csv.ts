/** A list as CSV (RFC 4180), page by page: however long it is, one page of it is in memory. */
import type { AnyList, Column } from './define';

type Row = { readonly id: string };

export interface ExportPage {
  readonly data: readonly Row[];
  readonly has_more: boolean;
  readonly next_page?: string | null;
}

/**
 * A spreadsheet takes text that begins like this for a formula, and what customers call themselves is
 * theirs to choose: an apostrophe makes it text again. https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[=+\-@\t\r]/;

/** An amount that is owed begins like one, and is none. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;

function field(value: string | number | null): string {
  if (typeof value === 'number') return String(value);
  const text =
    value === null ? '' : FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const line = (values: readonly (string | number | null)[]): string =>
  `${values.map(field).join(',')}\r\n`;

/** @param pageAfter asks for the page after a cursor, or for the first. */
export async function* csvOf(
  list: AnyList,
  pageAfter: (cursor: string | null) => Promise<ExportPage>,
): AsyncGenerator<string> {
  const columns = list.columns as unknown as Column<Row>[];
  const hasId = columns.some(({ id }) => id === 'id');
  yield line([...(hasId ? [] : ['id']), ...columns.map(({ id }) => id)]);
  let cursor: string | null = null;
  do {
    const page: ExportPage = await pageAfter(cursor);
    yield page.data
      .map((row) => line([...(hasId ? [] : [row.id]), ...columns.map(({ text }) => text(row))]))
      .join('');
    cursor = page.has_more ? (page.next_page ?? page.data.at(-1)?.id ?? null) : null;
  } while (cursor !== null);
}
