/**
 * What the architecture depends on, asked of the source itself: who may import whom, who writes
 * `status`, who reads the clock. Each rule is also shown a file that breaks it, so that none of them
 * has fallen asleep.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  DETOURS,
  folderOf,
  followsTheArrows,
  importsDownwards,
  importsFaces,
  isGivenTimeAndChance,
  isTest,
  keepsSqlInStores,
  layerOf,
  leavesNothingUndone,
  movesStatusInLifecycles,
  namesThings,
  ORDER,
  ours,
  SQL_HOMES,
  STATUS_DOORS,
  type Rule,
} from './testing/rules';
import { parse, readSources, type Source } from './testing/source';

/** Sentences about all files, each with its path. */
const broken = (rule: Rule, files: readonly Source[]): string[] =>
  files.flatMap((source) => rule(source).map((sentence) => `${source.path} ${sentence}`));

/** What the rule says of a file with this text. */
const says = (rule: Rule, file: string, text: string): string[] =>
  rule(parse(file, text, new Set(sources.map((source) => source.path))));

const sources = readSources('app', 'components', 'db', 'e2e', 'server');
const code = sources.filter(({ path: file }) => !isTest(file) && layerOf(file) !== 'e2e');
/** Tests and their tools look into the database as they like. */
const inside = code.filter(({ path: file }) => folderOf(file) !== 'testing');

describe('an import', () => {
  it('follows the arrows', () => {
    expect(says(followsTheArrows, 'db/x.ts', `import '@/server/kernel/ids'`)).toHaveLength(1);
    expect(
      says(followsTheArrows, 'server/kernel/x.ts', `export { a } from '@/server/events'`),
    ).toHaveLength(1);
    expect(
      says(followsTheArrows, 'server/events/x.ts', `import type { A } from '@/server/context'`),
    ).toHaveLength(1);
    expect(broken(followsTheArrows, code)).toEqual([]);
  });

  it('has a detour for nothing that does not take it', () => {
    const taken = code.flatMap((source) =>
      ours(source).map(({ target }) => `${source.path} → ${target}`),
    );
    expect(taken).toEqual(expect.arrayContaining(Object.keys(DETOURS)));
  });

  it('goes down in the order of domains', () => {
    const upwards = `import { charges } from '@/server/charges'`;
    expect(says(importsDownwards, 'server/customers/x.ts', upwards)).toHaveLength(1);
    expect(says(importsDownwards, 'server/unheard_of/x.ts', '')).toHaveLength(1);
    expect(broken(importsDownwards, code)).toEqual([]);
  });

  it("takes another folder's index, for types too", () => {
    const past = `import type { Event } from '@/server/events/object'`;
    expect(says(importsFaces, 'server/charges/x.ts', past)).toHaveLength(1);
    expect(
      broken(
        importsFaces,
        sources.filter(({ path: file }) => !/^e2e|\.test\./.test(file)),
      ),
    ).toEqual([]);
  });

  it('closes no cycle of files or folders', () => {
    expect(
      cycle([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
        ['c', 'd'],
      ]),
    ).toEqual(['a', 'b', 'c']);
    const edges = code.flatMap((source) =>
      ours(source).flatMap(({ target, isType }): [string, string][] =>
        isType ? [] : [[source.path, target]],
      ),
    );
    expect(cycle(edges)).toEqual([]);
    const house = (file: string) =>
      layerOf(file) === 'glue' ? file : file.split('/').slice(0, 2).join('/');
    expect(cycle(edges.map(([from, to]) => [house(from), house(to)]))).toEqual([]);
  });
});

/** What is left when everything that leads nowhere, or that nothing leads to, is taken away. */
function cycle(edges: readonly (readonly [string, string])[]): string[] {
  let left = edges.filter(([from, to]) => from !== to);
  for (let before = -1; before !== left.length;) {
    before = left.length;
    const [from, to] = [new Set(left.map(([name]) => name)), new Set(left.map(([, name]) => name))];
    left = left.filter(([one, other]) => to.has(one) && from.has(other));
  }
  return [...new Set(left.map(([name]) => name))].toSorted();
}

describe('the order of domains', () => {
  it('names every folder, and no other', () => {
    const folders = code
      .filter(({ path: file }) => layerOf(file) === 'domain')
      .map(({ path: file }) => folderOf(file));
    expect(ORDER.toSorted()).toEqual([...new Set(folders)].toSorted());
  });

  it('is the order of the resources', () => {
    const table = readFileSync('server/resources.ts', 'utf8');
    const homes = new Map(
      [...table.matchAll(/import \{ ([\w, ]+) \} from '@\/server\/(\w+)'/g)].flatMap(
        ([, names = '', folder = '']) => names.split(', ').map((name) => [name, folder] as const),
      ),
    );
    const listed = /export const resources = \{(.*?)\}/s.exec(table)?.[1]?.match(/\w+/g) ?? [];
    expect(listed.length).toBeGreaterThan(10);
    // `products` is put together in `prices`, and stands where its table does.
    const places = listed.map((name) =>
      ORDER.indexOf(ORDER.includes(name) ? name : (homes.get(name) ?? '')),
    );
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });
});

describe('a file', () => {
  it('keeps SQL in its store', () => {
    expect(
      says(keepsSqlInStores, 'server/charges/x.ts', `import { eq } from 'drizzle-orm'`),
    ).toHaveLength(1);
    expect(
      says(keepsSqlInStores, 'server/api/x.ts', 'const q = `select id from ${table}`'),
    ).toHaveLength(1);
    expect(broken(keepsSqlInStores, inside)).toEqual([]);
    for (const home of Object.keys(SQL_HOMES)) {
      const source = inside.find(({ path: file }) => file === home);
      expect(source && keepsSqlInStores({ ...source, path: 'server/x.ts' })).toHaveLength(1);
    }
  });

  it('leaves `status` to the lifecycle', () => {
    const back = `store.update(tx, row, { ...changes, ...(done ? { status: 'paid' } : {}) })`;
    expect(says(movesStatusInLifecycles, 'server/charges/x.ts', back)).toHaveLength(1);
    expect(broken(movesStatusInLifecycles, code)).toEqual([]);
    for (const door of Object.keys(STATUS_DOORS)) {
      const source = code.find(({ path: file }) => file === door);
      const undoored =
        source === undefined ? [] : movesStatusInLifecycles({ ...source, path: 'server/x.ts' });
      expect({ door, isUsed: undoored.length > 0 }).toEqual({ door, isUsed: true });
    }
  });

  it('is given time, chance and environment', () => {
    const greedy = 'console.log(new Date(), Date.now(), Math.random(), process.env.A, new Date(1))';
    expect(says(isGivenTimeAndChance, 'server/charges/x.ts', greedy)).toHaveLength(4);
    expect(broken(isGivenTimeAndChance, code)).toEqual([]);
  });

  it('has a name that says what it holds', () => {
    expect(says(namesThings, 'server/charges/utils.ts', 'function dateHelper() {}')).toHaveLength(
      2,
    );
    expect(broken(namesThings, sources)).toEqual([]);
  });

  it('leaves nothing undone, and nothing unchecked', () => {
    const draft = '// TODO: later\nconst x: any = 1;';
    expect(says(leavesNothingUndone, 'server/x.ts', draft)).toHaveLength(2);
    expect(broken(leavesNothingUndone, sources)).toEqual([]);
  });
});

describe('a domain', () => {
  it('has its five files where it has operations', () => {
    const files = new Set(code.map(({ path: file }) => file));
    const missing = ORDER.filter((folder) => files.has(`server/${folder}/operations.ts`)).flatMap(
      (folder) =>
        ['index', 'params', 'object', 'store']
          .map((name) => `server/${folder}/${name}.ts`)
          .filter((file) => !files.has(file)),
    );
    expect(missing).toEqual([]);
  });
});
