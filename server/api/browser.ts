/** What is to be known of a request that a browser sent: from where, and by whose page. */
import type { Context } from 'hono';
import { originForeign } from '@/server/kernel/errors';

/**
 * The client's address. Each proxy in front appends whom it was asked by to X-Forwarded-For: of the
 * list only those last entries are true, because a client can send whatever it likes before them.
 */
export function addressOf({ req, env }: Context, proxies: number): string | null {
  const { incoming } = (env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  const forwarded = (req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim());
  const given = proxies === 0 ? undefined : forwarded.at(-proxies);
  const address = given === undefined || given === '' ? incoming?.socket?.remoteAddress : given;
  return address?.slice(0, 45) ?? null;
}

/**
 * Browsers send cookies with requests that a foreign page makes, and say which page it was. A request
 * that changes something by the power of a cookie has to come from a page of ours.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 *
 * @param own the address that the server was told to be at; else it is the one it was asked at.
 * @throws ApiError 403 origin_foreign
 */
export function assertOwnOrigin({ req }: Context, own: string): void {
  const origin = req.header('origin');
  if (origin !== undefined && URL.canParse(origin)) {
    if (origin === own || new URL(origin).host === req.header('host')) return;
  }
  throw originForeign();
}
