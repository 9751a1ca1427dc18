import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { Badge } from '@/components/ui/badge';

export const fileList = defineList({
  path: 'settlementFiles.list',
  name: 'settlement-files',
  title: 'Settlement files',
  nouns: ['settlement file', 'settlement files'],
  href: ({ id }) => `reconciliation/files/${id}`,
  columns: [
    {
      id: 'name',
      header: 'File',
      isNarrow: true,
      cell: ({ name, id }) => name ?? id,
      text: ({ name }) => name,
    },
    {
      id: 'differences',
      header: 'Result',
      isNarrow: true,
      cell: ({ differences }) => <Agreement differences={differences} />,
      text: ({ differences }) => differences,
    },
    {
      id: 'lines',
      header: 'Lines',
      align: 'end',
      cell: ({ lines }) => lines,
      text: ({ lines }) => lines,
    },
    {
      id: 'matched',
      header: 'Agree',
      align: 'end',
      cell: ({ matched }) => matched,
      text: ({ matched }) => matched,
    },
    { ...createdColumn, header: 'Imported', isNarrow: true },
    {
      id: 'processor_account',
      header: 'Account',
      isExtra: true,
      cell: ({ processor_account }) => processor_account,
      text: ({ processor_account }) => processor_account,
    },
    idColumn,
  ],
  filters: {
    processor_account: textFilter('Account', 'Id of a processor account', 'processor_account'),
  },
  empty: {
    sentence:
      'A settlement file is what your card processor says that it settled. Each of its lines is held against your books.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const file = await stripe.rawRequest('POST', '/v1/settlement_files', {
  processor_account: 'pacct_...',
  content: await readFile('settlement.csv', 'utf8'),
});`,
      ),
  },
});

/** Whether the books agree, in a word. */
export function Agreement({ differences }: { differences: number }) {
  if (differences === 0) return <Badge look="good">Agrees</Badge>;
  return (
    <Badge look="warn">{differences === 1 ? '1 difference' : `${differences} differences`}</Badge>
  );
}
