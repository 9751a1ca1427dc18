/** The source as data, for `tidy.test.ts`: files, what they import, and every node of their syntax. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';

export interface Source {
  /** From the root of the repository, such as `server/customers/store.ts`. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly comments: readonly string[];
  readonly nodes: readonly Node[];
}

export interface Import {
  /** The file that is imported, or the package's name. */
  readonly target: string;
  readonly isOurs: boolean;
  /** Gone when it runs. */
  readonly isType: boolean;
}

/** A node of ESTree, with TypeScript's. */
export interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** A node and all below it, parents first. */
export function* within(node: unknown): Generator<Node> {
  if (Array.isArray(node)) for (const one of node) yield* within(one);
  if (!isNode(node)) return;
  yield node;
  for (const child of Object.values(node)) yield* within(child);
}

/** Every TypeScript file below the folders. */
export function readSources(...folders: readonly string[]): Source[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => path.posix.join(folder, file)),
  );
  const known = new Set(files);
  return files.toSorted().map((file) => parse(file, readFileSync(file, 'utf8'), known));
}

/** `known` are the files that an import may mean. */
export function parse(file: string, text: string, known: ReadonlySet<string>): Source {
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
  const nodes = [...within(program)];
  return {
    path: file,
    nodes,
    comments: comments.map(({ value }) => value),
    imports: nodes.flatMap((node) => {
      const specifier = specifierOf(node);
      return specifier === null ? [] : [toImport(file, specifier, node, known)];
    }),
  };
}

/** What is imported, re-exported, imported on the way, or named as a type: `import('x').Y`. */
function specifierOf(node: Node): string | null {
  if (!/^(Import|Export\w+)Declaration$|^ImportExpression$|^TSImportType$/.test(node.type))
    return null;
  const { value } = (node.source ?? {}) as { value?: unknown };
  return typeof value === 'string' ? value : null;
}

function toImport(file: string, specifier: string, node: Node, known: ReadonlySet<string>): Import {
  const isOurs = specifier.startsWith('.') || specifier.startsWith('@/');
  const bare = specifier.startsWith('.')
    ? path.posix.join(path.posix.dirname(file), specifier)
    : specifier.replace(/^@\//, '');
  const candidates = [bare, `${bare}.ts`, `${bare}.tsx`, `${bare}/index.ts`];
  const target = candidates.find((candidate) => known.has(candidate)) ?? bare;
  return { target, isOurs, isType: isTypeOnly(node) };
}

const isTypeOnly = ({ type, importKind, exportKind, specifiers }: Node): boolean =>
  type === 'TSImportType' ||
  importKind === 'type' ||
  exportKind === 'type' ||
  (Array.isArray(specifiers) &&
    specifiers.length > 0 &&
    specifiers.every((one: Node) => one.importKind === 'type' || one.exportKind === 'type'));
