/** Names of queries as text, so that a list can be declared once and asked by browser and server. */
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '@/server/api/trpc/client';

export type Inputs = inferRouterInputs<AppRouter>;
export type Outputs = inferRouterOutputs<AppRouter>;

/** What is at a path such as `customers.list`. */
export type At<Tree, Path extends string> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof Tree
    ? At<Tree[Head], Rest>
    : never
  : Path extends keyof Tree
    ? Tree[Path]
    : never;

/** One of the objects that a list or a search at the path answers; what is never many has no pages. */
export type RowOf<Path extends string> =
  At<Outputs, Path> extends { data: readonly (infer Row)[] } | readonly (infer Row)[] ? Row : never;

export interface QueryCall {
  /** `customers.list`. */
  readonly path: string;
  readonly input?: object | undefined;
}

/** The key under which tRPC's own hooks keep the answer: `trpc.customers.list.useQuery(input)`. */
export const keyOf = ({ path, input }: QueryCall): readonly unknown[] => [
  path.split('.'),
  { ...(input === undefined ? {} : { input }), type: 'query' },
];
