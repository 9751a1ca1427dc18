/**
 * An operation is a value: a route, an input, a function. REST and tRPC are two readers of it, and
 * so are the OpenAPI document, the list of routes and the tests that range over everything.
 *
 * There are three kinds, by what the function may do. A query reads. A command writes, in one
 * transaction that the reader of the operation opens and commits together with the idempotent
 * answer. An exchange asks the processor between two transactions.
 */
import type { z } from 'zod';
import type { processor_attempts } from '@/db/schema/processor_attempts';
import type { Scope, Tx } from './context';
import type { ApiError } from './errors';
import type { ApiObject, Page, SearchPage } from './object';

export type Method = 'GET' | 'POST' | 'DELETE';
export type Route = `${Method} /v1/${string}`;

export type Answer = ApiObject | Page<ApiObject> | SearchPage<ApiObject>;

interface Asked<Schema extends z.ZodType> {
  /** Path parameters (`:id`) are part of the input, under their name. */
  readonly route: Route;
  readonly input: Schema;
  /** One sentence for the reference. */
  readonly summary: string;
  /** The object that is answered, or listed, where it is not the resource's own. */
  readonly answers?: string;
  /**
   * Parameters that Stripe documents and this server refuses by name, those inside others as they are
   * written: `payment_method_options[card][network]`.
   */
  readonly unsupported?: readonly string[];
  /** Whether a browser may call it with a publishable key. */
  readonly publishable?: boolean;
  /** The answer holds a secret that is shown once: it is stored sealed, and not logged. */
  readonly confidential?: boolean;
}

export interface Query<
  Schema extends z.ZodType = z.ZodType,
  A extends Answer = Answer,
> extends Asked<Schema> {
  readonly kind: 'query';
  run(scope: Scope, input: z.infer<Schema>): Promise<A>;
}

export interface Command<
  Schema extends z.ZodType = z.ZodType,
  A extends Answer = Answer,
> extends Asked<Schema> {
  readonly kind: 'command';
  /** It takes back all that it wrote: to ask it is to look, and nothing that anybody did. */
  readonly rehearses?: true;
  run(tx: Tx, input: z.infer<Schema>): Promise<A>;
}

export interface Exchange<
  Schema extends z.ZodType = z.ZodType,
  A extends ApiObject = ApiObject,
> extends Asked<Schema> {
  readonly kind: 'exchange';
  /**
   * The first transaction: checks, and stores the intention. Answers at once where the processor
   * need not be asked; else names the attempt, whose outcome makes the answer.
   */
  intend(tx: Tx, input: z.infer<Schema>): Promise<A | Awaiting>;
  /**
   * The answer, where it is another object than what the attempt led to: paying an invoice answers
   * the invoice, and not its payment intent. Reads only: a replay asks again.
   */
  conclude?(
    tx: Tx,
    input: z.infer<Schema>,
    told: ApiObject | ApiError,
    attempt: AttemptRow,
  ): Promise<A | ApiError>;
}

/** The answer will come from this attempt: see `server/conclusions.ts`. */
export class Awaiting {
  constructor(readonly attempt: AttemptRow) {}
}

export type AttemptRow = typeof processor_attempts.$inferSelect;

export type Operation = Query | Command | Exchange;

export const query = <Schema extends z.ZodType, A extends Answer>(
  spec: Omit<Query<Schema, A>, 'kind'>,
): Query<Schema, A> => ({ kind: 'query', ...spec });

export const command = <Schema extends z.ZodType, A extends Answer>(
  spec: Omit<Command<Schema, A>, 'kind'>,
): Command<Schema, A> => ({ kind: 'command', ...spec });

export const exchange = <Schema extends z.ZodType, A extends ApiObject>(
  spec: Omit<Exchange<Schema, A>, 'kind'>,
): Exchange<Schema, A> => ({ kind: 'exchange', ...spec });
