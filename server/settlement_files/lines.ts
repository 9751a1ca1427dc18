/** The lines of a settlement file, by the names that its first line gives the columns. */
import { NotCsv, piecesOf, readCsv } from './csv';

export interface SettledLine {
  /** In the file, counted from 1; the names of the columns are line 1. */
  readonly line: number;
  /** `transactionUnique`: ours, where the processor has one. */
  readonly reference: string | null;
  /** `xref` */
  readonly transaction: string;
  readonly action: string;
  readonly state: string;
  /** In the currency's minor unit. */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
  /** The day of the settlement, in unix seconds; null where the file has no such column. */
  readonly date: number | null;
}

/** TABLE: what is read, and by which names. Other columns are none of our business. */
const COLUMNS = {
  reference: ['reference', 'transactionUnique'],
  transaction: ['xref'],
  action: ['action'],
  state: ['state'],
  amount: ['amount', 'amountReceived'],
  currency: ['currency', 'currencyCode'],
  date: ['date', 'timestamp'],
} as const;

type Column = keyof typeof COLUMNS;

const OPTIONAL: ReadonlySet<string> = new Set(['reference', 'date'] satisfies Column[]);

/**
 * Reads line by line.
 *
 * @throws NotCsv naming the line that cannot be read, or the column that there is none of.
 */
export function* linesOf(content: string): Generator<SettledLine> {
  let places: Record<Column, number> | null = null;
  let line = 0;
  for (const row of readCsv(piecesOf(content))) {
    line += 1;
    if (places === null) places = placesIn(row);
    else yield toLine(row, places, line);
  }
  if (places === null) throw new NotCsv('The file is empty.');
}

function placesIn(head: readonly string[]): Record<Column, number> {
  const names = head.map((name) => name.trim().toLowerCase());
  const entries = Object.entries(COLUMNS).map(([column, known]) => {
    const place = names.findIndex((name) => known.some((one) => one.toLowerCase() === name));
    if (place < 0 && !OPTIONAL.has(column)) {
      throw new NotCsv(`There is no column "${known[0]}" in the first line.`);
    }
    return [column, place];
  });
  return Object.fromEntries(entries) as Record<Column, number>;
}

function toLine(row: readonly string[], places: Record<Column, number>, line: number): SettledLine {
  const text = (column: Column): string => (row[places[column]] ?? '').trim();
  const wrong = (column: Column): NotCsv =>
    new NotCsv(`Line ${line}: "${text(column).slice(0, 40)}" is no ${COLUMNS[column][0]}.`);
  if (!/^\d{1,12}$/.test(text('amount'))) throw wrong('amount');
  if (!/^[A-Za-z]{3}$/.test(text('currency'))) throw wrong('currency');
  if (text('transaction') === '') throw wrong('transaction');
  const day = text('date').slice(0, 10);
  if (day !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(day)) throw wrong('date');
  const time = day === '' ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  if (day !== '' && Number.isNaN(time)) throw wrong('date');
  return {
    line,
    reference: text('reference') === '' ? null : text('reference'),
    transaction: text('transaction'),
    action: text('action').toUpperCase(),
    state: text('state').toLowerCase(),
    amount: Number(text('amount')),
    currency: text('currency').toLowerCase(),
    date: day === '' ? null : time / 1000,
  };
}
