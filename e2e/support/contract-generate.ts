/**
 * Reads the official SDK's type declarations and writes down, as JSON Schema, what every object of
 * API v1 must look like on the wire.
 *
 * The compiler checks that our code claims to return the SDK's types. With this a test checks what
 * really came off the socket, against the same source. TypeScript itself resolves imports,
 * namespaces, `extends` and `Partial`, so no declaration is parsed by hand. Its programming
 * interface is still called unstable; should it change, generating throws and the tests say so.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { API, SymbolFlags, TypeFlags } from 'typescript/unstable/sync';
import type { Checker, Symbol, Type } from 'typescript/unstable/sync';

/**
 * One JSON Schema, of the few keywords used here. `resource` is our own: the value must be one of
 * these types of the SDK, told apart by its `object`; `true` stands for any of them. No entry of
 * `$defs` has a `type`; its keywords apply to objects alone. So `Address | null` is written
 * `{ type: ['object', 'null'], $ref: Address }`, and no error ever has to come out of an `anyOf`.
 */
export interface Schema {
  title?: string;
  $ref?: string;
  type?: string[];
  enum?: (string | boolean | null)[];
  pattern?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  resource?: string[] | true;
}

export interface Contract {
  /** The names in `$defs` for each `object`: `customer` has `Customer` and `DeletedCustomer`. */
  readonly resources: Record<string, string[]>;
  readonly $defs: Record<string, Schema>;
}

/** What the functions below share: the compiler to ask, and the contract as it grows. */
interface Draft extends Contract {
  readonly checker: Checker;
  /** Ids of the symbols that have an `object` of their own. */
  readonly resourceIds: ReadonlySet<number>;
  /** For each name in `$defs`, the id of its symbol. */
  readonly owners: Map<string, number>;
}

/**
 * The contract of the installed `stripe` package. The same package gives the same contract, byte
 * for byte.
 * @throws Error naming the type, when the SDK uses a construction that has no rule here.
 */
export function generateContract(): Contract {
  const compiler = new API();
  try {
    const sdk = createRequire(import.meta.url).resolve('stripe');
    const core = join(dirname(sdk), 'stripe.core.d.ts');
    const project = compiler.updateSnapshot({ openFiles: [core] }).getDefaultProjectForFile(core);
    const file = project?.program.getSourceFile(core);
    const exported = file && project?.checker.getSymbolAtLocation(file)?.getExports();
    const namespace = exported && [...exported.values()].find(({ name }) => name === 'Stripe');
    if (!project || !namespace) throw new Error(`${core} exports no namespace Stripe`);
    return describeNamespace(project.checker, namespace);
  } finally {
    compiler.close();
  }
}

function describeNamespace(checker: Checker, namespace: Symbol): Contract {
  const found = findResources(checker, namespace);
  const resourceIds = new Set(found.map(({ symbol }) => symbol.id));
  const draft: Draft = { checker, resourceIds, owners: new Map(), resources: {}, $defs: {} };
  for (const { object, symbol } of found) {
    const names = (draft.resources[object] ??= []);
    names.push(define(draft, checker.getDeclaredTypeOfSymbol(symbol), symbol));
  }
  return { resources: draft.resources, $defs: draft.$defs };
}

/** Every interface in `namespace`, however deep, whose `object` is one literal string. */
function findResources(checker: Checker, namespace: Symbol): { object: string; symbol: Symbol }[] {
  const found: { object: string; symbol: Symbol }[] = [];
  const seen = new Set<number>();
  const visit = (parent: Symbol): void => {
    for (const member of parent.getExports().values()) {
      const symbol = has(member, SymbolFlags.Alias) ? checker.getAliasedSymbol(member) : member;
      if (seen.has(symbol.id) || isNeverSent(symbol.name)) continue;
      seen.add(symbol.id);
      const object = has(symbol, SymbolFlags.Interface) ? objectOf(checker, symbol) : null;
      // API v2 writes numbers in other ways, and this server has no path of it.
      if (object !== null && !object.startsWith('v2.')) found.push({ object, symbol });
      if (has(symbol, SymbolFlags.Namespace)) visit(symbol);
    }
  };
  visit(namespace);
  return found;
}

/** What is asked and not answered (`…Params`), and what all events extend and none is. */
const isNeverSent = (name: string): boolean => name.endsWith('Params') || name === 'EventBase';

function has(symbol: Symbol, flag: SymbolFlags): boolean {
  return (symbol.flags & flag) !== 0;
}

function objectOf(checker: Checker, symbol: Symbol): string | null {
  const property = checker.getPropertyOfType(checker.getDeclaredTypeOfSymbol(symbol), 'object');
  const type = property && checker.getTypeOfSymbol(property);
  return type?.isStringLiteralType() === true ? type.value : null;
}

/** The name one writes after `Stripe.`: `Customer.InvoiceSettings`, `Checkout.Session`. */
function nameOf(symbol: Symbol): string {
  const parent = symbol.getParent();
  if (!parent) return symbol.name;
  // The parent of a top-level declaration is its module, named by the quoted path of the file.
  if (!parent.name.startsWith('"')) return `${nameOf(parent)}.${symbol.name}`;
  const folder = /\/resources\/(.+)\/[^/]+$/.exec(parent.name)?.[1];
  return folder === undefined ? symbol.name : `${folder.replaceAll('/', '.')}.${symbol.name}`;
}

/** Adds an interface, and all that it is made of, to `$defs`; answers its name there. */
function define(draft: Draft, type: Type, symbol: Symbol): string {
  const name = nameOf(symbol);
  const owner = draft.owners.get(name);
  if (owner === symbol.id) return name;
  if (owner !== undefined) throw new Error(`two types of the SDK are named ${name}`);
  // Entered before it is described, because a type may mention itself.
  draft.owners.set(name, symbol.id);
  draft.$defs[name] = { title: `Stripe.${name}` };
  Object.assign(draft.$defs[name], membersOf(draft, type));
  return name;
}

function membersOf(draft: Draft, type: Type): Schema {
  const { checker } = draft;
  const [index] = checker.getIndexInfosOfType(type);
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  const members = checker.getPropertiesOfType(type);
  const types = checker.getTypeOfSymbol(members);
  for (const [position, member] of members.entries()) {
    const schema = valueOf(draft, types[position]);
    // `deleted?: void` says that the field is never there.
    if (schema.type?.length === 0) continue;
    properties[member.name] = schema;
    if (!has(member, SymbolFlags.Optional)) required.push(member.name);
  }
  // Of a map, like metadata, any name is known.
  const additionalProperties = index ? valueOf(draft, index.valueType) : false;
  return { properties, required, additionalProperties };
}

/** What may stand where the SDK says `type`; an absent value is the business of `required`. */
function valueOf(draft: Draft, type: Type | undefined): Schema {
  if (!type) throw new Error('a member of the SDK has no type');
  if (type.flags & TypeFlags.Unknown) return {};
  const kinds = type.isUnionType() ? type.getTypes() : [type];
  return unite(
    kinds.filter(({ flags }) => !(flags & ABSENT)).map((kind) => kindOf(draft, kind)),
    draft.checker.typeToString(type),
  );
}

const ABSENT = TypeFlags.Undefined | TypeFlags.Void;

/** A decimal number that Stripe sends as a string, and the SDK turns into a `Decimal`. */
const DECIMAL: Schema = { type: ['string'], pattern: '^-?\\d+(\\.\\d+)?$' };

/** The schema of a type that is not a union. A literal has `enum` and no `type`. */
function kindOf(draft: Draft, type: Type): Schema {
  const { checker } = draft;
  const alias = type.getAliasSymbol()?.name;
  // What joins an enum that Stripe may extend at any time: any string will do.
  if (alias === 'OtherString') return { type: ['string'] };
  if (alias === 'Decimal') return DECIMAL;
  if (alias === 'Partial') return previousAttributes(checker, type);
  if (type.isBooleanLiteralType() || type.isStringLiteralType()) return { enum: [type.value] };
  if (type.flags & TypeFlags.String) return { type: ['string'] };
  if (type.flags & TypeFlags.Number) return { type: ['number'] };
  if (type.flags & TypeFlags.Null) return { type: ['null'] };
  // The element of `ApiList` and of `ApiSearchResult`, where they are not inside another object.
  if (type.isTypeParameter()) return { type: ['object'], resource: true };
  const [argument] = type.isTypeReference() ? checker.getTypeArguments(type) : [];
  if (checker.isArrayType(type)) return { type: ['array'], items: valueOf(draft, argument) };
  if (!type.isObjectType()) throw new Error(`no rule for the type ${checker.typeToString(type)}`);
  const symbol = type.getSymbol();
  if (!symbol || argument || !has(symbol, SymbolFlags.Interface)) {
    return { title: checker.typeToString(type), type: ['object'], ...membersOf(draft, type) };
  }
  if (draft.resourceIds.has(symbol.id)) return { type: ['object'], resource: [nameOf(symbol)] };
  return { type: ['object'], $ref: `#/$defs/${define(draft, type, symbol)}` };
}

/**
 * `Partial<Invoice>`: any of its fields and no other. Their values are free, because an event tells
 * of a field what was there before, and of a nested object no more than what changed in it.
 */
function previousAttributes(checker: Checker, type: Type): Schema {
  const names = checker.getPropertiesOfType(type).map(({ name }) => [name, {}] as const);
  return {
    title: checker.typeToString(type),
    type: ['object'],
    properties: Object.fromEntries(names),
    additionalProperties: false,
  };
}

/** In the order in which a message names them. */
const JSON_TYPES = ['string', 'number', 'boolean', 'array', 'object', 'null'];

/**
 * One schema for the members of a union, which `text` spells. Each JSON type must come from one
 * member, or from members that `uniteObjects` can make one of.
 */
function unite(kinds: Schema[], text: string): Schema {
  const isObject = ({ type }: Schema): boolean => type?.includes('object') === true;
  const members = kinds.filter((kind) => !isObject(kind) && !kind.enum);
  members.push(...uniteObjects(kinds.filter(isObject)));
  const types = members.flatMap(({ type = [] }) => type);
  let literals = kinds.flatMap((kind) => kind.enum ?? []);
  if (literals.includes(true) && literals.includes(false)) {
    literals = literals.filter((literal) => typeof literal !== 'boolean');
    types.push('boolean');
  }
  if (types.includes('string')) literals = literals.filter((it) => typeof it !== 'string');
  const isClear = new Set(types).size === types.length;
  if (isClear && literals.length === 0) {
    return Object.assign({}, ...members, {
      type: JSON_TYPES.filter((type) => types.includes(type)),
    });
  }
  if (isClear && types.every((type) => type === 'null')) {
    return { enum: [...literals, ...types.map(() => null)] };
  }
  throw new Error(`no rule for the union ${text}`);
}

/** Several resources are one schema, and so are several `Partial`s. Anything else stays apart. */
function uniteObjects(objects: Schema[]): Schema[] {
  const [first, second] = objects;
  if (!first || !second) return objects;
  const names = objects.flatMap(({ resource }) => (Array.isArray(resource) ? resource : []));
  if (names.length === objects.length) return [{ type: ['object'], resource: names }];
  const isPartial = ({ properties, required }: Schema): boolean =>
    properties !== undefined && required === undefined;
  if (!objects.every(isPartial)) return objects;
  return [{ ...first, properties: Object.assign({}, ...objects.map((it) => it.properties)) }];
}
