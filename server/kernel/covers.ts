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

/** Compiles where nothing is left: `export type Checked = Complete<Uncovered<…>>`. */
export type Complete<Left extends never> = Left;
