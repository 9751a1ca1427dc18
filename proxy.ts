/**
 * The security policy of every page, with a nonce that is made for this answer alone: a script that
 * somebody smuggled into a page does not have it, and is not run. Next puts it on its own scripts.
 * https://nextjs.org/docs/app/guides/content-security-policy
 */
import { randomBytes } from 'node:crypto';
import { NextResponse, type NextRequest } from 'next/server';

const NONCE_BYTES = 16;

function policyWith(nonce: string): string {
  // React compiles what helps to find mistakes while it is developed with.
  const development = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : '';
  return [
    "default-src 'self'",
    // What a trusted script loads is trusted; browsers that know that ignore 'self'.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    // Menus and charts place themselves by style attributes, which no nonce can be put on.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: https:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export function proxy(request: NextRequest): NextResponse {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const policy = policyWith(nonce);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // Whoever must sign in first comes back to the page that they wanted.
  headers.set('x-page', request.nextUrl.pathname + request.nextUrl.search);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

/** Files are no pages. */
export const config = { matcher: '/((?!_next/static|_next/image|.*\\.(?:svg|png|ico)$).*)' };
