/**
 * Calls out of a browser, by Stripe.js or a page of the merchant's: allowed from any origin on the
 * endpoints that take a publishable key, and on no others. A key is no cookie, so the origin proves
 * nothing; what a browser may see is decided by the key and the client secret.
 */
import { endpoints } from '@/server/api/endpoints';
import { newId } from '@/server/kernel/ids';

const MAX_AGE_SECONDS = 7_200;

const ASKED_WITH = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'Stripe-Account',
  'Stripe-Version',
].join(', ');

/** On every answer of such an endpoint, refusals included: without it the page cannot read them. */
export const FOR_BROWSERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': [
    'Idempotent-Replayed',
    'Original-Request',
    'Request-Id',
    'Retry-After',
    'Stripe-Should-Retry',
    'Stripe-Version',
  ].join(', '),
};

/** The paths that a browser may call, each with the methods. */
export function browserPaths(): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const { method, path, operation } of endpoints) {
    if (operation.publishable === true) paths.set(path, [...(paths.get(path) ?? []), method]);
  }
  return paths;
}

/** What the browser asks for before it calls with a key. */
export const preflight = (methods: readonly string[]): Response =>
  new Response(null, {
    status: 204,
    headers: {
      ...FOR_BROWSERS,
      'access-control-allow-headers': ASKED_WITH,
      'access-control-allow-methods': methods.join(', '),
      'access-control-max-age': String(MAX_AGE_SECONDS),
      'request-id': newId('request'),
    },
  });
