/**
 * The type of the router, computed from the table of resources: a procedure for each operation, its
 * input the operation's own schema, its output what the operation answers.
 */
import type { TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server';
import type { z } from 'zod';
import type { ApiObject, Page, SearchPage } from '@/server/kernel/object';
import type { Command, Exchange, Query } from '@/server/kernel/operation';
import type { resources } from '@/server/resources';

/** A page, as it is answered. */
export interface ListOf<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

/** A page of a search, as it is answered. */
export interface SearchResultOf<T> {
  object: 'search_result';
  data: T[];
  has_more: boolean;
  next_page: string | null;
  url: string;
}

type Shown<A> =
  A extends Page<infer T> ? ListOf<T> : A extends SearchPage<infer T> ? SearchResultOf<T> : A;

interface Expanding {
  /** Ids to be answered as the objects they name, such as `customer` or `data.customer`. */
  expand?: string[];
}

interface Once extends Expanding {
  /** Makes a repeated call answer what the first one did. */
  idempotency_key?: string;
}

/** Where nothing is required, nothing need be given. */
type Given<Input> = Partial<Input> extends Input ? Input | void : Input;

type ProcedureOf<O> =
  O extends Query<infer Schema, infer A>
    ? TRPCQueryProcedure<{
        input: Given<z.input<Schema> & Expanding>;
        output: Shown<A>;
        meta: unknown;
      }>
    : O extends
          | Command<infer Schema extends z.ZodType, infer A>
          | Exchange<infer Schema extends z.ZodType, infer A extends ApiObject>
      ? TRPCMutationProcedure<{
          input: Given<z.input<Schema> & Once>;
          output: Shown<A>;
          meta: unknown;
        }>
      : never;

/** `payment_intents` is `paymentIntents`, as in Stripe's SDK. */
export type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

type Resources = typeof resources;

export type Procedures = {
  [Name in keyof Resources as Camel<Name>]: {
    [Verb in keyof Resources[Name]['operations']]: ProcedureOf<Resources[Name]['operations'][Verb]>;
  };
};
