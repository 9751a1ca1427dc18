import type { TRPCLink } from '@trpc/client';
import { tap } from '@trpc/server/observable';
import type { AppRouter } from '@/server/api/trpc/client';
import { failureOf } from './failure';

/**
 * What is asked for again because no answer came is done once: the same change has the same
 * idempotency key until the server has answered, whether the page's own form sends it again or one
 * that was opened anew. https://docs.stripe.com/api/idempotent_requests
 */
export function once(): TRPCLink<AppRouter> {
  const keys = new Map<string, string>();
  return () =>
    ({ op, next }) => {
      if (op.type !== 'mutation' || !isKeyed(op.path)) return next(op);
      const change = `${op.path} ${JSON.stringify(op.input)}`;
      const idempotency_key = keys.get(change) ?? newKey();
      keys.set(change, idempotency_key);
      const isOver = (): void => void keys.delete(change);
      return next({ ...op, input: { ...(op.input as object), idempotency_key } }).pipe(
        tap({
          next: isOver,
          error: (error) => {
            if (isAnswer(failureOf(error).status)) isOver();
          },
        }),
      );
    };
}

/** What only the dashboard has takes no key, and a preview changes nothing. */
const isKeyed = (path: string): boolean =>
  !path.startsWith('dashboard.') && path !== 'invoicePreviews.createPreview';

/** Said of the change, and not of the way there: a key in use (409) is still at work. */
const isAnswer = (status: number | null): boolean =>
  status !== null && status < 500 && status !== 409;

/** `crypto.randomUUID` is there on https only. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) =>
    part.toString(16).padStart(8, '0'),
  ).join('');
