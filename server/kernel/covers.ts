/**
 * Proof, by the compiler, that no parameter of Stripe's was forgotten: each is in the schema of the
 * operation, or in its list of those that are refused by name.
 */
import type { z } from 'zod';

/** The parameters of the SDK's type that are neither in the schema nor refused. */
export type Uncovered<
  Params,
  Schema extends z.ZodType,
  Refused extends readonly string[] = readonly [],
> = Exclude<keyof Params, keyof z.input<Schema> | Refused[number] | 'expand'>;

/** The same of a record inside: its parameters are refused by the name that they have there. */
export type UncoveredIn<
  Place extends string,
  Params,
  Schema extends z.ZodType,
  Refused extends readonly string[],
> = Exclude<keyof Params, keyof z.input<Schema> | NamesIn<Place, Refused[number]>>;

type NamesIn<Place extends string, Name> = Name extends `${Place}[${infer Inner}]` ? Inner : never;

/** Compiles where nothing is left: `export type Checked = Complete<Uncovered<…>>`. */
export type Complete<Left extends never> = Left;
