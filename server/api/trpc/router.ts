/**
 * tRPC, the second reader of the operations: a procedure for each, made from the same values as the
 * REST endpoints, so that the two cannot drift. What is asked is carried out by `perform`.
 *
 * Whoever calls has an API key, or is signed in to the dashboard and names the project and the mode
 * in `x-calmony-account` and `x-calmony-mode`. What only the dashboard does is below `dashboard`.
 */
import { performance } from 'node:perf_hooks';
import type { TRPCBuiltRouter } from '@trpc/server';
import { z } from 'zod';
import { endpoints, type Endpoint } from '@/server/api/endpoints';
import { perform, type Rendered } from '@/server/api/perform';
import { audited } from '@/server/api/audited';
import { assertMay } from '@/server/api/authenticate';
import type { Holder } from '@/server/api/holder';
import { fromJson, type Tree } from '@/server/api/wire/form';
import { toErrorBody } from '@/server/api/wire/refuse';
import { ApiError, internalError } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { refusal, t, type StripeError, type TrpcContext } from './base';
import { dashboard } from './dashboard';
import type { Camel, Procedures } from './types';

export type { StripeError } from './base';

/** Anything: the operation's own schema is asked by `perform`, which says in Stripe's words what is wrong. */
const Bag = z.record(z.string(), z.unknown()).optional();

function procedureOf(endpoint: Endpoint) {
  const isQuery = endpoint.operation.kind === 'query';
  const procedure = t.procedure.input(Bag);
  const answer = async ({ ctx, input }: { ctx: TrpcContext; input: z.infer<typeof Bag> }) =>
    call(ctx, endpoint, input ?? {});
  return isQuery ? procedure.query(answer) : procedure.mutation(answer);
}

async function call(
  { server, holder: holderOf, visitor, userAgent }: TrpcContext,
  endpoint: Endpoint,
  { expand, idempotency_key, ...given }: Record<string, unknown>,
): Promise<unknown> {
  const started = performance.now();
  const at = server.runtime.clock();
  const request = {
    id: newId('request'),
    idempotency_key: typeof idempotency_key === 'string' ? idempotency_key : null,
    ip: visitor.request.ip,
  };
  let holder: Holder | null = null;
  let bag: Tree | null = null;
  let rendered: Rendered;
  try {
    holder = await holderOf();
    assertMay(holder, endpoint);
    bag = fromJson(given);
    rendered = await perform(server.runtime, {
      operation: holder.member === undefined ? endpoint.operation : audited(endpoint),
      holder,
      at,
      request,
      bag,
      expand: Array.isArray(expand) ? expand.map(String) : [],
      path: endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => String(given[name])),
    });
  } catch (error) {
    const known = error instanceof ApiError ? error : internalError();
    if (known !== error)
      server.runtime.log.error({ err: error, request: request.id }, 'call failed');
    rendered = {
      status: known.status,
      body: JSON.stringify(toErrorBody(known, request.id)),
      error: known,
    };
  }
  server.onServed({
    endpoint,
    holder,
    request,
    method: 'POST',
    path: `/api/trpc/${nameOf(endpoint)}`,
    status: rendered.status,
    durationMs: performance.now() - started,
    at,
    apiVersion: undefined,
    userAgent,
    params: bag,
    body: rendered.body,
    error: rendered.error ?? null,
  });
  const body: unknown = JSON.parse(rendered.body);
  if (rendered.status >= 400) throw refusal(rendered.status, body as { error: StripeError });
  return body;
}

const camel = <Name extends string>(name: Name): Camel<Name> =>
  name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as Camel<Name>;

const nameOf = ({ resource, name }: Endpoint): string => `${camel(resource)}.${name}`;

/** Resource by resource, as in Stripe's SDK: `paymentIntents.confirm`. */
const record: Record<string, Record<string, ReturnType<typeof procedureOf>>> = {};
for (const endpoint of endpoints) {
  const resource = camel(endpoint.resource);
  record[resource] = { ...record[resource], [endpoint.name]: procedureOf(endpoint) };
}

type Root = (typeof t)['_config']['$types'];

export type AppRouter = TRPCBuiltRouter<Root, Procedures & { dashboard: typeof dashboard }>;

export const router = t.router({ ...record, dashboard }) as unknown as AppRouter;
