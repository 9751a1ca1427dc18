/** What a payer's browser posts to our pages. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { assertStorable } from '@/server/api/wire/form';
import { ApiError } from '@/server/kernel/errors';

/** Takes a form of so many bytes, and no longer one. */
export const formLimit = (bytes: number) =>
  bodyLimit({ maxSize: bytes, onError: (http) => http.text('Too long.\n', 413) });

/** Takes a form that can be kept. No browser sends another, so that a page for it is not worth while. */
export const storableForm: MiddlewareHandler = async (http, next) => {
  const fields = new URLSearchParams(await http.req.text());
  try {
    for (const [name, value] of fields) assertStorable(name + value);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return http.text(`${error.message}\n`, 400);
  }
  return next();
};
