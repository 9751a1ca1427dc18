/** Where whoever asks becomes what the domains take: a Visitor, a Scope, a Ctx. */
import type { Context } from 'hono';
import { ctxOf, scopeOf, visitorOf, type Runtime } from '@/server/context';
import type { Ctx, RequestIdentity, Scope, Visitor } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { addressOf } from './browser';
import type { Holder } from './holder';

/** Whoever comes to the door by this request. */
export const visitorAt = ({ runtime }: { readonly runtime: Runtime }, http: Context): Visitor =>
  visitorOf(runtime, {
    now: runtime.clock(),
    userAgent: http.req.header('user-agent') ?? null,
    request: {
      id: newId('request'),
      idempotency_key: null,
      ip: addressOf(http, runtime.signIn.proxies),
    },
  });

interface Asking {
  readonly holder: Holder;
  readonly now: Date;
  readonly request: RequestIdentity;
}

const askerOf = ({ holder, now, request }: Asking) => ({
  projectId: holder.projectId,
  livemode: holder.livemode,
  rights: holder.rights,
  publishable: holder.type === 'publishable',
  actor: holder.member ?? null,
  now,
  request,
});

export const scopeFor = (runtime: Runtime, asking: Asking): Scope =>
  scopeOf(runtime, askerOf(asking));

export const ctxFor = (runtime: Runtime, asking: Asking): Ctx => ctxOf(runtime, askerOf(asking));
