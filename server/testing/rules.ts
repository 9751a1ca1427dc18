/** The rules of the house, as functions from a file to sentences. `tidy.test.ts` asks them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { within, type Import, type Node, type Source } from './source';

/** A file's place in the house. */
type Layer =
  | 'app'
  | 'api'
  | 'table'
  | 'domain'
  | 'processor'
  | 'kernel'
  | 'db'
  | 'glue'
  | 'process'
  | 'e2e';

/** `timed` is how the schedule does what is due by a `due_at`. */
const TABLES = ['resources', 'reactions', 'schedule', 'conclusions', 'ladder', 'timed'];

/** Read once by the process, and by nothing that holds a rule. */
const PROCESS = ['env', 'log'];

/** The order of domains, from the page that explains it. */
export const ORDER = [
  ...readFileSync('server/README.md', 'utf8').matchAll(/^\d+\. `(\w+)`:/gm),
].map(([, folder]) => folder ?? '');

export function layerOf(file: string): Layer {
  const [top = '', second = '', third] = file.split('/');
  if (top === 'app' || top === 'components') return 'app';
  if (top === 'db' || top === 'e2e') return top;
  const name = path.posix.basename(second, '.ts');
  if (third === undefined) {
    return TABLES.includes(name) ? 'table' : PROCESS.includes(name) ? 'process' : 'glue';
  }
  if (second === 'api' || second === 'kernel' || second === 'processor') return second;
  return second === 'testing' ? 'glue' : 'domain';
}

/** Who may import whom when it runs, and whose types besides. */
const ARROWS: Readonly<Record<Layer, { values: readonly Layer[]; types?: readonly Layer[] }>> = {
  app: { values: ['app', 'api'] },
  api: { values: ['api', 'table', 'domain', 'kernel', 'process'] },
  table: { values: ['table', 'domain', 'processor', 'kernel', 'db'], types: ['glue'] },
  domain: { values: ['domain', 'processor', 'kernel', 'db'] },
  processor: { values: ['processor', 'kernel', 'db'] },
  kernel: { values: ['kernel', 'db'], types: ['processor'] },
  db: { values: ['db'] },
  process: { values: ['process'] },
  glue: {
    values: ['glue', 'api', 'table', 'domain', 'processor', 'kernel', 'db', 'process', 'e2e'],
  },
  e2e: { values: ['e2e'] },
};

/** Imports that go against the arrows, each with its reason. */
export const DETOURS: Readonly<Record<string, string>> = {
  'server/api/perform.ts → server/context.ts': 'for the type of the runtime',
  'server/api/served.ts → server/context.ts': 'for the type of the runtime',
  'server/api/visit.ts → server/context.ts':
    'where whoever asks becomes a Scope, a Ctx or a Visitor',
  'server/api/brand.ts → server/context.ts': 'where an address becomes a Scope',
  'server/api/rest/handle.ts → server/context.ts': "for the holder's own account",
  'server/api/callbacks/cardstream.ts → server/context.ts': 'where a token becomes a Ctx',
  'server/api/card_fields/app.ts → server/context.ts': 'where a key in an address becomes a Scope',
  'server/api/challenge/app.ts → server/context.ts': 'where an address becomes a Ctx',
  'server/api/hosted_invoice/app.ts → server/context.ts': 'where an address becomes a Ctx',
  'server/api/simulator/challenge.ts → server/context.ts': 'where an address becomes a Ctx',
  'server/api/simulator/challenge.ts → server/processor/index.ts': "the simulated bank's own page",
};

export const folderOf = (file: string): string => file.split('/')[1] ?? '';
export const isTest = (file: string): boolean => /\.(?:test|case)\.tsx?$/.test(file);
export const ours = ({ imports }: Source): Import[] => imports.filter(({ isOurs }) => isOurs);

/** Sentences about what a file does that it may not. */
export type Rule = (source: Source) => string[];

export const followsTheArrows: Rule = (source) => {
  const { values, types = [] } = ARROWS[layerOf(source.path)];
  return ours(source).flatMap(({ target, isType }) => {
    if (`${source.path} → ${target}` in DETOURS) return [];
    const layer = layerOf(target);
    if (values.includes(layer) || (isType && types.includes(layer))) return [];
    return [`imports ${target}: ${layerOf(source.path)} may not know ${layer}.`];
  });
};

export const importsDownwards: Rule = (source) => {
  if (layerOf(source.path) !== 'domain') return [];
  const mine = folderOf(source.path);
  if (!ORDER.includes(mine)) return [`is in no order: name ${mine} in server/README.md.`];
  return ours(source)
    .filter(({ target }) => layerOf(target) === 'domain')
    .filter(({ target }) => ORDER.indexOf(folderOf(target)) > ORDER.indexOf(mine))
    .map(({ target }) => `imports ${target}, which is above it in the order of domains.`);
};

export const importsFaces: Rule = (source) =>
  ours(source)
    .filter(({ target }) => layerOf(target) === 'domain')
    .filter(({ target }) => folderOf(target) !== folderOf(source.path))
    .filter(({ target }) => !target.endsWith('/index.ts'))
    .map(({ target }) => `imports ${target}: only the folder's index is for others.`);

export const keepsSqlInStores: Rule = ({ path: file, imports, nodes }) => {
  const layer = layerOf(file);
  if (layer === 'db' || layer === 'kernel' || file.endsWith('/store.ts')) return [];
  const drizzle = imports.some(({ target }) => target.startsWith('drizzle-orm'));
  const isHome = Object.keys(SQL_HOMES).includes(file);
  const statement = nodes.map(textOf).find((text) => SQL.test(text ?? ''));
  return [
    ...(drizzle ? ['imports drizzle: statements are made in a store.ts.'] : []),
    ...(statement === undefined || isHome ? [] : [`holds SQL: ${statement?.trim().slice(0, 40)}`]),
  ];
};

const SQL =
  /^\s*(?:select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|alter\s+table|create\s+table)/is;

/** SQL outside a store, each with its reason. */
export const SQL_HOMES: Readonly<Record<string, string>> = {
  'server/bootstrap.ts': 'makes what no scope exists for yet, as the owner of the database',
  'server/conclusions.ts': 'finds due attempts of all tenants, before there is a scope',
  'server/events/partitions.ts': 'makes and drops partitions, as the owner of the database',
  'server/processor/simulator/books.ts': "the simulated bank's own table",
};

const textOf = ({ type, value, quasis }: Node): string | null => {
  if (type === 'Literal' && typeof value === 'string') return value;
  if (type !== 'TemplateLiteral') return null;
  return (quasis as { value: { raw: string } }[]).map((quasi) => quasi.value.raw).join(' x ');
};

export const movesStatusInLifecycles: Rule = ({ path: file, nodes }) =>
  file.endsWith('/lifecycle.ts') || file in STATUS_DOORS
    ? []
    : nodes
        .filter(({ type }) => type === 'CallExpression')
        .filter(({ callee }) => /^(?:update\w*|set)$/.test(nameOfCallee(callee as Node)))
        .filter(({ arguments: given }) => [...within(given)].some(isStatusProperty))
        .map(() => 'updates `status`: only the move() of a lifecycle.ts does.');

/** Two statuses and one way between them: a table would say no more. Each is its folder's one door. */
export const STATUS_DOORS: Readonly<Record<string, string>> = {
  'server/members/status.ts': 'active ⇄ removed, and pending → accepted or revoked of a link',
  'server/idempotency_keys/store.ts': 'started → finished: a key whose answer is known',
  'server/api_keys/operations.ts': 'active → revoked',
  'server/coupons/operations.ts': 'active → deleted, with coupon.deleted',
  'server/customers/operations.ts': 'active → deleted, with customer.deleted',
  'server/discounts/attach.ts': 'active → deleted, with customer.discount.deleted where it lasted',
  'server/processor_attempts/attempt.ts': 'pending → answered',
  'server/promotion_codes/operations.ts': 'active ⇄ inactive, a switch',
  'server/webhook_endpoints/operations.ts': 'by the step that its lifecycle.ts answers',
};

const nameOfCallee = ({ type, name, property }: Node): string =>
  String(type === 'MemberExpression' ? (property as Node).name : name);

const isStatusProperty = ({ type, key }: Node): boolean =>
  type === 'Property' && (key as Node).name === 'status';

/** Time, chance and environment, and where each comes from. All else is given them. */
const SOURCES: readonly {
  what: string;
  finds: (node: Node) => boolean;
  homes: readonly string[];
}[] = [
  {
    what: 'the clock',
    finds: (node) =>
      (node.type === 'NewExpression' &&
        (node.callee as Node).name === 'Date' &&
        (node.arguments as Node[]).length === 0) ||
      isMember(node, 'Date', 'now'),
    // The process has one, an id begins with the time it was made, tests make a real database, and a
    // page says how long ago something was.
    homes: [
      'server/main.ts',
      'server/processor/cardstream/gateway/main.ts',
      'server/kernel/ids.ts',
      'server/testing/cluster.ts',
      'server/testing/gateway.ts',
      'components/time/clock.ts',
    ],
  },
  {
    what: 'chance',
    finds: (node) => isMember(node, 'Math', 'random'),
    homes: ['server/main.ts'],
  },
  {
    what: 'the environment',
    finds: (node) => isMember(node, 'process', 'env'),
    homes: ['server/env.ts'],
  },
  { what: 'the console', finds: (node) => isMember(node, 'console'), homes: [] },
];

const isMember = ({ type, object, property }: Node, owner: string, name?: string): boolean =>
  type === 'MemberExpression' &&
  (object as Node).name === owner &&
  (name === undefined || (property as Node).name === name);

export const isGivenTimeAndChance: Rule = ({ path: file, nodes }) =>
  SOURCES.filter(({ homes }) => !homes.includes(file))
    .filter(({ finds }) => nodes.some(finds))
    .map(({ what }) => `reaches for ${what}.`);

const BANNED = /^(?:utils?|helpers?|common|shared|misc|managers?|data|info|item)$/i;
const BANNED_PARTS = /(?:^|[a-z_])(?:[Uu]til|[Hh]elper|[Mm]isc|[Mm]anager)s?(?:$|[A-Z_])/;

export const namesThings: Rule = ({ path: file, nodes }) => {
  const parts = file.split('/').flatMap((part) => part.split('.')[0] ?? []);
  const declared = nodes
    .filter(({ type }) => /^(?:Function|Class|TSInterface|TSTypeAlias)\w*$/.test(type))
    .map(({ id }) => (id as Node | null | undefined)?.name)
    .filter((name) => typeof name === 'string');
  return [...parts, ...declared]
    .filter((name) => BANNED.test(name) || BANNED_PARTS.test(name))
    .map((name) => `uses the name ${name}, which can hold anything.`);
};

/** A test may expect the compiler to refuse something: then it fails when it does not. */
export const leavesNothingUndone: Rule = ({ path: file, comments, nodes }) => [
  ...comments
    .filter((text) => /\b(?:TODO|FIXME|XXX|HACK)\b|@ts-(?:ignore|nocheck|expect-error)/.test(text))
    .filter((text) => !(isTest(file) && /@ts-expect-error \w/.test(text)))
    .map((text) => `says ${text.trim().slice(0, 60)}`),
  ...(nodes.some(({ type }) => type === 'TSAnyKeyword') ? ['uses any.'] : []),
];
