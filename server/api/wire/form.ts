/**
 * Request bodies and query strings as every Stripe SDK sends them, decoded to one tree: bracketed
 * forms (`items[0][price]=price_1&expand[]=customer`) and, beside them, JSON.
 *
 * A form has no types: what comes out of one is text, and `coerce.ts` turns it into what the
 * operation's schema asks for. The rules for brackets are those of Rack, which parses Stripe's own
 * API: https://github.com/rack/rack/blob/main/lib/rack/query_parser.rb
 *
 * Whatever the bytes are, the outcome is a tree or an ApiError with status 400. A tree holds no
 * key `__proto__`, no NUL and no lone surrogate (PostgreSQL stores neither), and has no prototype
 * with anything on it, so a key such as `constructor` is a key like any other.
 */
import { ApiError, parameterInvalid, parameterUnknown } from '@/server/kernel/errors';

export type TreeValue = string | number | boolean | null | TreeValue[] | Tree;

/** Parameters by name. From a form every leaf is a string; JSON keeps numbers, booleans and null. */
export interface Tree {
  [key: string]: TreeValue;
}

export interface Limits {
  /** Levels of nesting, the top one included: `a[b][c]` has three. */
  readonly depth: number;
  /** Pairs of a form; values at any level of a JSON body. */
  readonly pairs: number;
  /** UTF-16 units of a whole decoded name such as `items[0][price]`; of one key in JSON. */
  readonly keyLength: number;
}

/** Well above what Stripe's API can use: its deepest parameter has seven levels. */
export const FORM_LIMITS: Limits = { depth: 10, pairs: 2_000, keyLength: 512 };

/** Far above `FORM_LIMITS.pairs`: an index greater than this is a key, not a place in a list. */
const INDEX_MAX = 9_999;

/**
 * An object whose only prototype is an empty one. `Object.create(null)` would be as safe, but V8
 * keeps such an object as a hash table, which costs three times as much to fill.
 */
const BareTree = function () {} as unknown as new () => Tree;
BareTree.prototype = Object.create(null);

/** An empty tree, safe under any key. */
export const newTree = (): Tree => new BareTree();

/**
 * Decodes a form body or a query string (without its `?`).
 *
 * Names may be percent-encoded, brackets included. Of a plain name given twice the last counts;
 * `a[]=1&a[]=2` and `a[1]=2&a[0]=1` are lists. An object whose keys are exactly 0 to n - 1 becomes
 * an array. Indexes with holes stay an object here, because `metadata[42]=x` is a legitimate key
 * of a map; `toList` closes the holes where the schema wants a list.
 *
 * @throws ApiError 400 for invalid UTF-8 or percent-encoding, a name that is not well-formed, a
 *   name used as value and as object or list at once, or more than the limits allow.
 */
export function parseForm(source: Uint8Array | string, limits: Limits = FORM_LIMITS): Tree {
  const text = textOf(source);
  const tree = newTree();
  let pairs = 0;
  let nested = false;
  let equals = -1;
  for (let start = 0, end; start < text.length; start = end + 1) {
    end = text.indexOf('&', start);
    if (end === -1) end = text.length;
    if (end === start) continue;
    pairs += 1;
    if (pairs > limits.pairs) throw tooManyParameters(limits);

    // Searched again only once passed, so that pairs without `=` cannot make the scan quadratic.
    if (equals < start) equals = text.indexOf('=', start);
    if (equals === -1) equals = text.length;
    const split = Math.min(equals, end);
    const name = decodeComponent(text.slice(start, split));
    const value = decodeComponent(text.slice(split + 1, end));

    if (name.length > limits.keyLength) throw nameTooLong(limits);
    const bracket = name.indexOf('[');
    if (bracket === -1) {
      plant(tree, checkedKey(name, name), value, [name]);
    } else {
      nested = true;
      plantDeep(tree, segmentsOf(name, bracket, limits), value);
    }
  }
  if (nested) listIndexed(tree);
  return tree;
}

/**
 * Decodes a JSON body, which must hold an object; an empty body is an empty one.
 *
 * @throws ApiError 400 as `parseForm` does, and for anything that is not JSON or not an object.
 */
export function parseJson(source: Uint8Array | string, limits: Limits = FORM_LIMITS): Tree {
  const text = textOf(source);
  if (text === '') return newTree();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw badRequest('The request body is not valid JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badRequest('The request body must be a JSON object.');
  }
  return fromJson(parsed, limits);
}

/** Parameters that are JSON's values already, held to the same limits. */
export const fromJson = (given: object, limits: Limits = FORM_LIMITS): Tree =>
  copyJson(given as Tree, limits, { values: 0 }, []) as Tree;

/** How Stripe writes the place of a parameter: `items[0][price]`. Empty for the whole request. */
export function paramName(path: readonly PropertyKey[]): string {
  let name = '';
  for (const key of path) name += name === '' ? String(key) : `[${String(key)}]`;
  return name;
}

/** The elements of an object whose keys are all indexes, in order and without holes, else null. */
export function toList(tree: Tree): TreeValue[] | null {
  for (const key of Object.keys(tree)) {
    if (!/^(?:0|[1-9]\d{0,4})$/.test(key) || Number(key) > INDEX_MAX) return null;
  }
  // JavaScript keeps keys that are indexes in ascending order, whatever order they came in.
  return Object.values(tree);
}

// Text

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const UNSTORABLE = /[\0\p{Surrogate}]/u;

function textOf(source: Uint8Array | string): string {
  let text: string;
  try {
    text = typeof source === 'string' ? source : UTF8.decode(source);
  } catch {
    throw badRequest('The request body is not valid UTF-8.');
  }
  // Decoded UTF-8 cannot hold a surrogate, so for a body the far cheaper search is enough.
  const unfit = typeof source === 'string' ? UNSTORABLE.test(text) : text.includes('\0');
  if (unfit) throw unstorable();
  return text;
}

/** @throws ApiError 400 for a text that PostgreSQL cannot hold. */
export function assertStorable(text: string): void {
  if (UNSTORABLE.test(text)) throw unstorable();
}

function decodeComponent(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  let decoded: string;
  try {
    decoded = decodeURIComponent(spaced);
  } catch {
    throw badRequest('A parameter is not valid percent-encoded UTF-8.');
  }
  if (decoded.includes('\0')) throw unstorable();
  return decoded;
}

// Names

/** `a[b][]` as `['a', 'b', '']`; the empty segment appends to a list. */
function segmentsOf(name: string, bracket: number, limits: Limits): string[] {
  const segments = [checkedKey(name.slice(0, bracket), name)];
  let open = bracket;
  while (open < name.length) {
    const close = name.indexOf(']', open);
    if (name[open] !== '[' || close === -1) throw parameterUnknown([name]);
    const segment = name.slice(open + 1, close);
    if (segment.includes('[')) throw parameterUnknown([name]);
    segments.push(segment === '' ? '' : checkedKey(segment, name));
    open = close + 1;
  }
  if (segments.length > limits.depth) throw tooDeep(name, limits);
  return segments;
}

/**
 * `__proto__` is harmless in a tree but not in every object a key may be copied to later, and no
 * parameter is named so: it is unknown from the start, as is a name that is empty.
 */
function checkedKey(key: string, name: string): string {
  if (name === '') throw badRequest('A parameter has no name.');
  if (key === '' || key === '__proto__') throw parameterUnknown([name]);
  return key;
}

// Planting

function plantDeep(tree: Tree, segments: readonly string[], value: string): void {
  const last = segments.length - 1;
  let node: Tree | TreeValue[] = tree;
  for (let at = 0; at < last; at++) node = childOf(node, segments, at);
  if (Array.isArray(node)) node.push(value);
  else plant(node, segments[last]!, value, segments);
}

function plant(tree: Tree, key: string, value: string, path: readonly string[]): void {
  if (typeof tree[key] === 'object') throw conflict(path);
  tree[key] = value;
}

/** The list or object below `segments[at]`, made where it does not exist yet. */
function childOf(
  node: Tree | TreeValue[],
  segments: readonly string[],
  at: number,
): Tree | TreeValue[] {
  const key = segments[at]!;
  const wantsList = segments[at + 1] === '';
  // Only `[]` makes an array while parsing, so a node is one exactly where the segment is empty.
  const existing = Array.isArray(node) ? openElement(node, segments, at + 1) : node[key];
  if (existing === undefined) {
    const child = wantsList ? [] : newTree();
    if (Array.isArray(node)) node.push(child);
    else node[key] = child;
    return child;
  }
  if (typeof existing !== 'object' || existing === null || Array.isArray(existing) !== wantsList) {
    throw conflict(segments.slice(0, at + 1));
  }
  return existing;
}

/**
 * In `items[][price]=a&items[][quantity]=1&items[][price]=b` a name continues the last element
 * until it repeats; then it opens the next one. Undefined if a new element is due.
 */
function openElement(
  list: readonly TreeValue[],
  segments: readonly string[],
  from: number,
): Tree | undefined {
  const element = list.at(-1);
  if (!isTree(element) || segments[from] === '') return undefined;
  let node: TreeValue | undefined = element;
  for (let at = from; at < segments.length; at++) {
    if (!isTree(node) || segments[at] === '') return element;
    node = node[segments[at]!];
    if (node === undefined) return element;
  }
  return undefined;
}

/** Replaces, at every level below, an object whose keys are exactly 0 to n - 1 by an array. */
function listIndexed(branch: Tree | TreeValue[]): void {
  const places = branch as Tree;
  for (const key of Object.keys(places)) {
    const value = places[key]!;
    if (typeof value !== 'object' || value === null) continue;
    listIndexed(value);
    if (isTree(value) && isDense(value)) places[key] = Object.values(value);
  }
}

function isDense(tree: Tree): boolean {
  const keys = Object.keys(tree);
  // Indexes come first and ascend, so the two ends vouch for what lies between.
  return keys[0] === '0' && keys.at(-1) === String(keys.length - 1);
}

const isTree = (value: TreeValue | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// JSON

function copyJson(
  value: TreeValue,
  limits: Limits,
  seen: { values: number },
  path: readonly PropertyKey[],
): TreeValue {
  seen.values += 1;
  // The object around everything is no parameter.
  if (seen.values > limits.pairs + 1) throw tooManyParameters(limits);
  if (typeof value === 'string') assertStorable(value);
  if (typeof value !== 'object' || value === null) return value;
  if (path.length === limits.depth) throw tooDeep(paramName(path), limits);
  if (Array.isArray(value)) {
    return value.map((element, index) => copyJson(element, limits, seen, [...path, index]));
  }
  const copy = newTree();
  for (const [key, child] of Object.entries(value)) {
    if (key.length > limits.keyLength) throw nameTooLong(limits);
    assertStorable(key);
    const below = [...path, key];
    copy[checkedKey(key, paramName(below))] = copyJson(child, limits, seen, below);
  }
  return copy;
}

// Refusals

const badRequest = (message: string): ApiError =>
  new ApiError(400, 'invalid_request_error', message);

const unstorable = (): ApiError =>
  badRequest('Parameters must not contain the NUL character or unpaired surrogates.');

const tooManyParameters = (limits: Limits): ApiError =>
  badRequest(`The request has too many parameters; at most ${limits.pairs} are accepted.`);

const nameTooLong = (limits: Limits): ApiError =>
  badRequest(`The name of a parameter must be at most ${limits.keyLength} characters.`);

const tooDeep = (name: string, limits: Limits): ApiError =>
  parameterInvalid(`Parameters must be nested at most ${limits.depth} levels deep.`, name);

const conflict = (path: readonly string[]): ApiError => {
  const name = paramName(path);
  return parameterInvalid(
    `The parameter '${name}' is used in more than one way: as a value, an object or a list.`,
    name,
  );
};
