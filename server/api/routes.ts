/** `npm run routes`: everything that can be asked over REST, and what a restricted key needs for it. */
import { fileURLToPath } from 'node:url';
import { endpoints } from '@/server/api/endpoints';
import { rightNeeded } from '@/server/api/authenticate';

/** A line for each, by path; `browser` marks what a publishable key may call. */
export function routes(): string {
  const rows = endpoints
    .map(({ method, path, resource, name, operation }) => [
      method,
      path,
      `${resource}.${name}`,
      `${resource}: ${rightNeeded(operation)}`,
      operation.publishable === true ? 'browser' : '',
    ])
    .toSorted(([method = '', path = ''], [otherMethod = '', otherPath = '']) =>
      path === otherPath ? compare(method, otherMethod) : compare(path, otherPath),
    );
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const compare = (a: string, b: string): number => (a < b ? -1 : 1);

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${routes()}\n`);
