/** A resource is a folder's face: what can be asked of it, and how its objects are loaded by id. */
import type { Scope } from './context';
import type { IdKind } from './ids';
import type { ApiObject } from './object';
import type { Operation } from './operation';

export interface Resource<Operations extends object = object> {
  /** Stripe's name for one of them, as in `object`. */
  readonly object: string;
  /** The kinds of ids it answers to in `expand`. */
  readonly expands?: Expandable;
  /** Many at once, so that expanding a page costs one query a resource. Missing ones are left out. */
  readonly load?: (scope: Scope, ids: readonly string[]) => Promise<readonly ApiObject[]>;
  /**
   * Fields that are left out until `expand` names them, as a price's `tiers`: the values by the id
   * of the object. One without a value goes on without the field.
   */
  readonly includes?: Readonly<Record<string, Include>>;
  readonly operations: Operations;
}

/** By the kind of the id. A coupon's has no prefix, because the merchant chooses it. */
export type Expandable = IdKind | 'coupon';

export type Include = (
  scope: Scope,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, unknown>>;

export const resource = <Operations extends Record<string, Operation>>(
  face: Resource<Operations>,
): Resource<Operations> => face;

/** How objects are had by id, and which resource it takes the right to read of. */
export interface Loader {
  readonly resource: string;
  readonly load: (scope: Scope, ids: readonly string[]) => Promise<readonly ApiObject[]>;
}

/** Everything that `expand` can get: objects by the kind of their id, fields by name. */
export interface Expansions {
  readonly loaders: ReadonlyMap<Expandable, Loader>;
  /** By the object's name. */
  readonly includes: ReadonlyMap<string, Readonly<Record<string, Include>>>;
}
