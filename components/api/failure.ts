import { TRPCClientError } from '@trpc/client';
import type { StripeError } from '@/server/api/trpc/client';

/** Why a call was refused, for a person. */
export interface Failure {
  readonly message: string;
  /** `req_…`, by which the request is found in the logs; null where no answer came. */
  readonly requestId: string | null;
  /** The parameter at fault, as on the wire: `email`, `metadata[plan]`. */
  readonly param: string | null;
  readonly code: string | null;
  /** HTTP status; null where no answer came. */
  readonly status: number | null;
}

interface Refusal {
  readonly httpStatus?: number;
  readonly stripe?: StripeError | null;
}

export function failureOf(error: unknown): Failure {
  const refusal: Refusal =
    error instanceof TRPCClientError ? ((error.data as Refusal | null) ?? {}) : {};
  const { stripe = null, httpStatus = null } = refusal;
  if (stripe === null) {
    const message =
      httpStatus === null
        ? 'The server could not be reached. Check your connection and try again.'
        : (error as Error).message;
    return { message, requestId: null, param: null, code: null, status: httpStatus };
  }
  return {
    message: stripe.message,
    requestId: /req_\w+/.exec(stripe.request_log_url)?.[0] ?? null,
    param: stripe.param ?? null,
    code: stripe.code ?? null,
    status: httpStatus,
  };
}
