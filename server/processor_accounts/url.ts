/** Where a gateway may be. */
import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Card data travels there, so nothing but https will do, except to a stand-in on this machine. */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 0) return host === 'localhost';
  return LOOPBACK.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}

/** Integrations have paths of their own below the gateway's address; people paste them with it. */
const INTEGRATION = /\/(?:direct|hosted|paymentform)?\/*$/;

/**
 * The address as it is kept, without a slash at its end: origin and, where the gateway has one, a
 * path. Null for what no gateway's address can be.
 */
export function gatewayUrl(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isSafe =
    url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  if (!isSafe || url.username !== '' || url.password !== '') return null;
  if (url.search !== '' || url.hash !== '') return null;
  return `${url.origin}${url.pathname.replace(INTEGRATION, '')}`;
}
