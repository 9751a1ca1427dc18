import { describe, expect, it } from 'vitest';
import { csvOf, type ExportPage } from './csv';
import type { AnyList } from './define';

interface Row {
  readonly id: string;
  readonly name: string;
}

const list = {
  columns: [{ id: 'name', header: 'Name', cell: () => null, text: ({ name }: Row) => name }],
} as unknown as AnyList;

const row = (id: string, name: string): Row => ({ id, name });

/** The whole text, and the cursors that were asked with. */
async function exported(...pages: readonly ExportPage[]) {
  const cursors: (string | null)[] = [];
  let text = '';
  for await (const part of csvOf(list, async (cursor) => {
    cursors.push(cursor);
    return pages[cursors.length - 1] ?? { data: [], has_more: false };
  })) {
    text += part;
  }
  return { text, cursors };
}

describe('an export', () => {
  it('has a line for each row of each page, and asks for each page once', async () => {
    const { text, cursors } = await exported(
      { data: [row('cus_2', 'Grace'), row('cus_1', 'Ada')], has_more: true },
      { data: [row('cus_0', 'Alan')], has_more: false },
    );
    expect(text).toBe('id,name\r\ncus_2,Grace\r\ncus_1,Ada\r\ncus_0,Alan\r\n');
    expect(cursors).toEqual([null, 'cus_1']);
  });

  it('goes on where a search says that it goes on', async () => {
    const { cursors } = await exported(
      { data: [row('cus_1', 'Ada')], has_more: true, next_page: 'page_2' },
      { data: [], has_more: false, next_page: null },
    );
    expect(cursors).toEqual([null, 'page_2']);
  });

  it('leaves amounts that are owed as numbers', async () => {
    const { text } = await exported({
      data: [row('txn_1', '-42.50'), row('txn_2', '-42.50+1')],
      has_more: false,
    });
    expect(text).toBe("id,name\r\ntxn_1,-42.50\r\ntxn_2,'-42.50+1\r\n");
  });

  it('quotes what would break a line, and disarms what would be a formula', async () => {
    const { text } = await exported({
      data: [row('cus_1', 'Ada, "the" Countess\nof Lovelace'), row('cus_2', '=HYPERLINK("x")')],
      has_more: false,
    });
    expect(text).toBe(
      'id,name\r\ncus_1,"Ada, ""the"" Countess\nof Lovelace"\r\ncus_2,"\'=HYPERLINK(""x"")"\r\n',
    );
  });
});
