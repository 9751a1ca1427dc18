import type { ApiError } from '@/server/kernel/errors';

const DOCS = 'https://docs.stripe.com/error-codes';

/** The body of a refusal, as the SDKs parse it. `requestId` leads to the request's log. */
export const toErrorBody = (error: ApiError, requestId: string): object => ({
  error: {
    ...error.details,
    ...(error.details.code === undefined
      ? {}
      : { doc_url: `${DOCS}#${error.details.code.replaceAll('_', '-')}` }),
    message: error.message,
    request_log_url: `/logs/${requestId}`,
    type: error.type,
  },
});
