/** What every procedure starts from, and how a refusal leaves. */
import { initTRPC, TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server';
import { ZodError } from 'zod';
import type { Holder } from '@/server/api/holder';
import type { ApiServer } from '@/server/api/served';
import { toApiError } from '@/server/api/wire/invalid';
import { toErrorBody } from '@/server/api/wire/refuse';
import type { Visitor } from '@/server/kernel/context';
import { ApiError, internalError, type ErrorDetails, type ErrorType } from '@/server/kernel/errors';
import type { Standing } from '@/server/sessions';

/** What a call comes with. */
export interface TrpcContext {
  readonly server: ApiServer;
  /** Whoever calls, by key or by session. Throws ApiError 401 for nobody. */
  readonly holder: () => Promise<Holder>;
  /** Whoever is signed in, or about to be. Throws ApiError 401 for nobody. */
  readonly standing: () => Promise<Standing>;
  /** The same, looked up anew: for what must not be done with a session that has just ended. */
  readonly standingNow: () => Promise<Standing>;
  readonly visitor: Visitor;
  /** The browser's mark, if the account was signed in to from it before. */
  readonly deviceOf: (email: string) => string | null;
  readonly userAgent: string | undefined;
}

/** Stripe's error object, as the REST API would have answered it. */
export interface StripeError extends ErrorDetails {
  readonly type: ErrorType;
  readonly message: string;
  readonly doc_url?: string;
  readonly request_log_url: string;
}

export const t = initTRPC.context<TrpcContext>().create({
  errorFormatter({ shape, error }) {
    const { cause } = error;
    const stripe = cause instanceof Refused ? cause.stripe : null;
    return { ...shape, data: { ...shape.data, stripe } };
  },
});

/** Carries Stripe's error object to the formatter. */
class Refused extends Error {
  constructor(readonly stripe: StripeError) {
    super(stripe.message);
  }
}

const CODES: Readonly<Record<number, TRPC_ERROR_CODE_KEY>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  402: 'PAYMENT_REQUIRED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  429: 'TOO_MANY_REQUESTS',
};

export const refusal = (status: number, body: { error: StripeError }): TRPCError =>
  new TRPCError({
    code: CODES[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR'),
    message: body.error.message,
    cause: new Refused(body.error),
  });

/** A procedure whose errors leave as Stripe's, for what is not made from an operation. */
export const answering = t.procedure.use(async ({ ctx, next, getRawInput }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  const { request } = ctx.visitor;
  const known =
    cause instanceof ZodError
      ? toApiError(cause, await getRawInput())
      : cause instanceof ApiError
        ? cause
        : internalError();
  if (known.status >= 500) {
    ctx.server.runtime.log.error(
      { err: cause ?? result.error, request: request.id },
      'call failed',
    );
  }
  throw refusal(known.status, toErrorBody(known, request.id) as { error: StripeError });
});
