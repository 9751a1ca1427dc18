/**
 * Ids become objects where the request asks for it: `expand[]=customer`,
 * `expand[]=data.latest_charge.balance_transaction`. Four levels deep, and all ids of one level
 * and kind are loaded at once. https://docs.stripe.com/api/expanding_objects
 */
import { ApiError, rightMissing } from '@/server/kernel/errors';
import { kindOf, type IdKind } from '@/server/kernel/ids';
import type { Scope } from '@/server/kernel/context';
import type { Expansions } from '@/server/kernel/resource';

const DEPTH_MAX = 4;

/**
 * TABLE: the fields that hold the id of another object. In any other field, a text that looks like
 * an id is a text.
 */
export const REFERENCES: ReadonlySet<string> = new Set([
  'balance_transaction',
  'charge',
  'customer',
  'default_payment_method',
  'default_price',
  'failure_balance_transaction',
  'latest_charge',
  'payment_intent',
  'payment_method',
  'product',
  'source',
]);

/** What a browser may have expanded: the card that it pays with. */
const FOR_BROWSERS: ReadonlySet<IdKind> = new Set(['payment_method']);

type Fields = Record<string, unknown>;

const cannotExpand = (path: string): ApiError =>
  new ApiError(400, 'invalid_request_error', `This property cannot be expanded (${path}).`, {
    code: 'property_cannot_be_expanded',
  });

/** The object with what `paths` name in place of its id. The argument is not changed. */
export async function expand<T extends object>(
  scope: Scope,
  object: T,
  paths: readonly string[],
  expansions: Expansions,
): Promise<T> {
  if (paths.length === 0) return object;
  const copy = structuredClone(object);
  for (const path of paths) {
    const steps = path.split('.');
    if (steps.length > DEPTH_MAX + (steps[0] === 'data' ? 1 : 0)) {
      throw new ApiError(
        400,
        'invalid_request_error',
        `You cannot expand more than ${DEPTH_MAX} levels of a property (${path}).`,
      );
    }
    await walk(scope, [copy as Fields], steps, path, expansions);
  }
  return copy;
}

async function walk(
  scope: Scope,
  parents: readonly Fields[],
  [step, ...rest]: readonly string[],
  path: string,
  expansions: Expansions,
): Promise<void> {
  if (step === undefined || parents.length === 0) return;
  await include(scope, parents, step, expansions.includes);
  const isThere = parents.some((parent) => Object.hasOwn(parent, step));
  // What a client keeps in metadata refers to nothing, whatever it is called.
  if (!isThere || step === 'metadata') throw cannotExpand(path);
  await fill(scope, parents, step, path, expansions);
  const children = parents.flatMap((parent) => {
    const value = parent[step];
    return Array.isArray(value) ? value.filter(isFields) : isFields(value) ? [value] : [];
  });
  await walk(scope, children, rest, path, expansions);
}

/** Adds the field `step` to the objects that have it only when asked for. */
async function include(
  scope: Scope,
  parents: readonly Fields[],
  step: string,
  includes: Expansions['includes'],
): Promise<void> {
  for (const [object, fields] of includes) {
    const load = fields[step];
    if (load === undefined) continue;
    const lacking = parents.filter(
      (parent) => parent['object'] === object && parent[step] === undefined,
    );
    if (lacking.length === 0) continue;
    const values = await load(
      scope,
      lacking.map(({ id }) => String(id)),
    );
    for (const parent of lacking) {
      const value = values.get(String(parent['id']));
      if (value !== undefined) parent[step] = value;
    }
  }
}

/** Replaces the ids under `step` in all parents, with one load a kind. */
async function fill(
  scope: Scope,
  parents: readonly Fields[],
  step: string,
  path: string,
  expansions: Expansions,
): Promise<void> {
  const idsByKind = new Map<IdKind, Set<string>>();
  for (const parent of parents) {
    const value = parent[step];
    if (typeof value !== 'string') continue;
    const kind = REFERENCES.has(step) ? kindOf(value) : null;
    const loader = kind === null ? undefined : expansions.loaders.get(kind);
    if (kind === null || loader === undefined) throw cannotExpand(path);
    if (scope.publishable && !FOR_BROWSERS.has(kind)) throw cannotExpand(path);
    assertMayRead(scope, loader.resource);
    const ids = idsByKind.get(kind) ?? new Set();
    idsByKind.set(kind, ids.add(value));
  }
  const objects = new Map<string, object>();
  for (const [kind, ids] of idsByKind) {
    const loaded = (await expansions.loaders.get(kind)?.load(scope, [...ids])) ?? [];
    // A loaded object may be shared by many parents: each gets its own, to be expanded further.
    for (const object of loaded) if (object.id !== undefined) objects.set(object.id, object);
  }
  for (const parent of parents) {
    const value = parent[step];
    const object = typeof value === 'string' ? objects.get(value) : undefined;
    if (object !== undefined) parent[step] = structuredClone(object);
  }
}

/** An object in a field takes the same right as the object by itself. */
function assertMayRead({ rights }: Scope, resource: string): void {
  const right = rights === null ? 'write' : (rights[resource] ?? 'none');
  if (right === 'none') throw rightMissing('read', resource);
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
