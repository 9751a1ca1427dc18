/**
 * Which urls an endpoint may have. In live mode receivers are on the public internet and speak
 * https; in test mode anything goes, a laptop's own port included.
 */
import { isIP } from 'node:net';
import { isPublicAddress } from './address';

/** Names that by definition are not on the public internet (RFC 6761, 6762 and 8375; ICANN). */
const LOCAL_NAME = /^[^.]+$|\.(localhost|local|internal|home\.arpa)$/;

/**
 * The parsed url, or why an endpoint may not have it, as a sentence for the merchant in Stripe's
 * words where it has some. A name is not resolved here, since what it resolves to may change: every
 * connection checks the address that it dials, see `address.ts`.
 */
export function deliverable(text: string, livemode: boolean): URL | string {
  if (!/^\s*https?:/i.test(text)) {
    return 'Invalid URL: An explicit scheme (such as https) must be provided.';
  }
  if (!URL.canParse(text)) return 'Not a valid URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return 'Invalid URL: URL must not contain a user name or a password.';
  }
  if (!livemode) return url;
  if (url.protocol !== 'https:') {
    return `Invalid URL: ${text}. URLs in livemode must begin with "https://"`;
  }
  // The ports below 1024 belong to other services, which must not be sent what they cannot expect.
  if (url.port !== '' && Number(url.port) < 1024) {
    return 'Invalid URL: URLs in livemode must use port 443 or a port from 1024.';
  }
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
  const isPublic = isIP(host) === 0 ? !LOCAL_NAME.test(host) : isPublicAddress(host);
  return isPublic ? url : 'Invalid URL: URL must be publicly accessible.';
}
