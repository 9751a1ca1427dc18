/** What a payer's browser posts to our pages. */
import { bodyLimit } from 'hono/body-limit';

/** Takes a form of so many bytes, and no longer one. */
export const formLimit = (bytes: number) =>
  bodyLimit({ maxSize: bytes, onError: (http) => http.text('Too long.\n', 413) });
