import { Card, Table, Td, Th } from '@/components/ui/surfaces';

type Fields = Readonly<Record<string, unknown>>;

interface Change {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What a change changed: `previous_attributes` beside the values of now. */
export function Changes({ previous, object }: { previous: Fields; object: Fields }) {
  return (
    <Card title="Changes" isFlush>
      <Table aria-label="Changes">
        <thead>
          <tr>
            <Th>Field</Th>
            <Th>Before</Th>
            <Th>After</Th>
          </tr>
        </thead>
        <tbody>
          {changesOf(previous, object).map(({ path, before, after }) => (
            <tr key={path} className="group align-top">
              <Td className="py-2.5 font-mono text-[13px] break-all">{path}</Td>
              <Td className="py-2.5 text-[13px] break-all">
                <del className="text-bad no-underline">{text(before)}</del>
              </Td>
              <Td className="py-2.5 text-[13px] break-all">
                <ins className="text-good no-underline">{text(after)}</ins>
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

/** Field by field; a list is one field, as it is on the wire. */
const changesOf = (previous: Fields, object: Fields, above = ''): Change[] =>
  Object.entries(previous).flatMap(([name, before]) => {
    const path = `${above}${name}`;
    const after = object[name];
    return isFields(before) && isFields(after)
      ? changesOf(before, after, `${path}.`)
      : [{ path, before, after }];
  });

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
