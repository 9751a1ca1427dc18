/**
 * Gives the text of a form the types an operation's schema asks for, so that domain schemas stay
 * plain (`z.int()`, `z.boolean()`) and know nothing of forms.
 *
 * It never refuses and never drops anything: a text that does not spell the wanted type, an unknown
 * key, an empty string meant to unset a field all stay as they are, for zod to accept or report.
 */
import { z } from 'zod';
import { newTree, toList, type Tree, type TreeValue } from './form';

type Schema = z.core.JSONSchema.JSONSchema;

/** One schema node, compiled. */
interface Reader {
  /** The value in the schema's type where it spells one, else unchanged. Never mutates. */
  read(value: TreeValue): TreeValue;
  /** How well the value suits the schema: 0 is best, `NO_FIT` not at all. Unions choose by it. */
  fit(value: TreeValue): number;
}

const NO_FIT = Number.NEGATIVE_INFINITY;

/**
 * Compiles a schema once, for use on every request of its operation.
 *
 * Texts become booleans (`true`, `True`, `false`, `False`: Python's SDK capitalises), integers in
 * canonical spelling within the safe range, and decimals, only where the schema has that type; an
 * object of indexes becomes an array where it has a list, and the reverse where it has a map.
 * The branch of a union is the first that suits the value, of objects the one with the fewest
 * fields that do not. Values that already have a type (JSON) keep it.
 */
export function compileCoercer(schema: z.ZodType): (tree: Tree) => Record<string, unknown> {
  // `input`: what the client sends, before defaults and transforms. `any`: a schema that JSON
  // Schema cannot express reads its value as it came.
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
  const reader = compile(root, resolver(root));
  return (tree) => reader.read(tree) as Tree;
}

/** The reader of a `$ref`. */
type Resolve = (ref: string) => Reader;

/** Named parts of a schema, compiled when a request first meets them, since they may be recursive. */
function resolver(root: Schema): Resolve {
  const readers = new Map<string, Reader>();
  const resolve: Resolve = (ref) => {
    const known = readers.get(ref);
    if (known !== undefined) return known;
    let compiled: Reader | undefined;
    const target = () => (compiled ??= compile(definition(root, ref), resolve));
    const reader: Reader = {
      read: (value) => target().read(value),
      fit: (value) => target().fit(value),
    };
    readers.set(ref, reader);
    return reader;
  };
  return resolve;
}

function definition(root: Schema, ref: string): Schema | boolean {
  if (ref === '#') return root;
  // A name is a JSON Pointer token, in which `~1` stands for a slash and `~0` for a tilde.
  const name = ref.slice('#/$defs/'.length).replaceAll('~1', '/').replaceAll('~0', '~');
  return root.$defs?.[name] ?? true;
}

function compile(node: Schema | boolean, resolve: Resolve): Reader {
  if (typeof node === 'boolean') return ANYTHING;
  if (node.$ref !== undefined) return resolve(node.$ref);
  const branches = node.anyOf ?? node.oneOf;
  if (branches !== undefined) return anyOf(branches.map((one) => compile(one, resolve)));
  if (node.allOf !== undefined) return allOf(node.allOf.map((one) => compile(one, resolve)));
  if (node.const !== undefined) return oneOf([node.const]);
  if (node.enum !== undefined) return oneOf(node.enum);
  if (node.type === 'array') return list(node, resolve);
  if (node.type === 'object') return fields(node, resolve);
  return SCALARS.get(node.type) ?? ANYTHING;
}

// Scalars

const scalar = (
  type: 'number' | 'boolean' | 'string',
  spelled: (text: string) => TreeValue,
): Reader => {
  const read = (value: TreeValue) => (typeof value === 'string' ? spelled(value) : value);
  return { read, fit: (value) => (typeof read(value) === type ? 0 : NO_FIT) };
};

const BOOLEANS = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
]);

const ANYTHING: Reader = { read: (value) => value, fit: () => 0 };
const NULL: Reader = { read: (value) => value, fit: (value) => (value === null ? 0 : NO_FIT) };
const STRING = scalar('string', (text) => text);
const BOOLEAN = scalar('boolean', (text) => BOOLEANS.get(text) ?? text);
const INTEGER = scalar('number', (text) => {
  const spelt = /^(?:0|-?[1-9]\d{0,15})$/.test(text);
  const integer = Number(text);
  return spelt && Number.isSafeInteger(integer) ? integer : text;
});
const NUMBER = scalar('number', (text) =>
  /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,20})?$/.test(text) ? Number(text) : text,
);

const SCALARS = new Map<Schema['type'], Reader>([
  ['boolean', BOOLEAN],
  ['integer', INTEGER],
  ['null', NULL],
  ['number', NUMBER],
  ['string', STRING],
]);

/** Literals and enums, of any mixture of types. */
function oneOf(members: readonly unknown[]): Reader {
  const allowed = new Set(members);
  const spelled = new Map<TreeValue, TreeValue>();
  for (const member of members) {
    if (typeof member === 'number' || typeof member === 'boolean') {
      spelled.set(String(member), member);
    }
  }
  const read = (value: TreeValue) => (allowed.has(value) ? value : (spelled.get(value) ?? value));
  return { read, fit: (value) => (allowed.has(read(value)) ? 0 : NO_FIT) };
}

// Structures

function elements(value: TreeValue): TreeValue[] | null {
  if (typeof value !== 'object' || value === null) return null;
  return Array.isArray(value) ? value : toList(value);
}

function list(node: Schema, resolve: Resolve): Reader {
  const first = (node.prefixItems ?? []).map((item) => compile(item, resolve));
  // Draft 2020-12 has one schema for all elements after the prefix; an array here is of old drafts.
  const rest =
    node.items === undefined || Array.isArray(node.items) ? ANYTHING : compile(node.items, resolve);
  return {
    read: (value) =>
      elements(value)?.map((element, index) => (first[index] ?? rest).read(element)) ?? value,
    fit: (value) => (elements(value) === null ? NO_FIT : 0),
  };
}

function fields(node: Schema, resolve: Resolve): Reader {
  const known = new Map(
    Object.entries(node.properties ?? {}).map(([key, one]) => [key, compile(one, resolve)]),
  );
  const required = node.required ?? [];
  const others = node.additionalProperties;
  const rest = typeof others === 'object' ? compile(others, resolve) : null;
  // `metadata[0]=x` reads as a list; where every key is free it can only have been a map.
  const isMap = rest !== null && known.size === 0;
  const isObject = (value: TreeValue): value is Tree =>
    typeof value === 'object' && value !== null && (isMap || !Array.isArray(value));

  return {
    read(value) {
      if (!isObject(value)) return value;
      const typed = newTree();
      for (const key of Object.keys(value)) {
        const reader = known.get(key) ?? rest;
        const field = value[key]!;
        typed[key] = reader === null ? field : reader.read(field);
      }
      return typed;
    },
    fit(value) {
      if (!isObject(value)) return NO_FIT;
      let misfits = 0;
      for (const key of Object.keys(value)) {
        const reader = known.get(key) ?? rest;
        // A field that contradicts, such as another `type`, says more than one that is unknown.
        if (reader === null) misfits += 1;
        else if (reader.fit(value[key]!) === NO_FIT) misfits += 100;
      }
      for (const key of required) if (!Object.hasOwn(value, key)) misfits += 1;
      return 0 - misfits;
    },
  };
}

// Combinations

function anyOf(branches: readonly Reader[]): Reader {
  return {
    read(value) {
      let best: Reader = ANYTHING;
      let bestFit = NO_FIT;
      for (const branch of branches) {
        const fit = branch.fit(value);
        // Strictly greater: of equals the first declared wins, as it does in zod.
        if (fit > bestFit) [best, bestFit] = [branch, fit];
      }
      return best.read(value);
    },
    fit: (value) => Math.max(...branches.map((branch) => branch.fit(value))),
  };
}

function allOf(parts: readonly Reader[]): Reader {
  return {
    read: (value) => parts.reduce((typed, part) => part.read(typed), value),
    fit: (value) => Math.min(...parts.map((part) => part.fit(value))),
  };
}
