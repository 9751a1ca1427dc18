/**
 * Which addresses a live delivery may dial. The url is the merchant's, the network is ours: without
 * this an endpoint such as https://169.254.169.254/ would have the server read its own cloud
 * credentials and post them to the dashboard (server-side request forgery).
 */
import type { LookupAddress, LookupOptions } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { BlockList, isIP, isIPv4, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

interface Range {
  readonly range: `${string}/${number}`;
  readonly use: string;
  readonly source: string;
}

/**
 * What is not the public internet, from IANA's special-purpose and address-space registries:
 * https://www.iana.org/assignments/iana-ipv4-special-registry
 */
export const NOT_PUBLIC_IPV4: readonly Range[] = [
  { range: '0.0.0.0/8', use: 'this network', source: 'RFC 791' },
  { range: '10.0.0.0/8', use: 'private', source: 'RFC 1918' },
  { range: '100.64.0.0/10', use: 'carrier-grade NAT', source: 'RFC 6598' },
  { range: '127.0.0.0/8', use: 'loopback', source: 'RFC 1122' },
  { range: '169.254.0.0/16', use: 'link-local, cloud metadata', source: 'RFC 3927' },
  { range: '172.16.0.0/12', use: 'private', source: 'RFC 1918' },
  { range: '192.0.0.0/24', use: 'IETF protocol assignments', source: 'RFC 6890' },
  { range: '192.0.2.0/24', use: 'documentation', source: 'RFC 5737' },
  { range: '192.88.99.0/24', use: '6to4 relay, deprecated', source: 'RFC 7526' },
  { range: '192.168.0.0/16', use: 'private', source: 'RFC 1918' },
  { range: '198.18.0.0/15', use: 'benchmarks', source: 'RFC 2544' },
  { range: '198.51.100.0/24', use: 'documentation', source: 'RFC 5737' },
  { range: '203.0.113.0/24', use: 'documentation', source: 'RFC 5737' },
  { range: '224.0.0.0/4', use: 'multicast', source: 'RFC 5771' },
  { range: '240.0.0.0/4', use: 'reserved, and broadcast', source: 'RFC 1112, RFC 919' },
];

/**
 * The same for IPv6: https://www.iana.org/assignments/iana-ipv6-special-registry. The first rows are
 * the ways to write an IPv4 address inside an IPv6 one, all refused: no public receiver needs them.
 * The last three close what lies outside 2000::/3, the only global unicast IANA has handed out, so
 * that a range defined tomorrow is refused today.
 */
export const NOT_PUBLIC_IPV6: readonly Range[] = [
  { range: '::/96', use: 'IPv4-compatible, unspecified, loopback', source: 'RFC 4291' },
  { range: '::ffff:0:0/96', use: 'IPv4-mapped', source: 'RFC 4291' },
  { range: '::ffff:0:0:0/96', use: 'IPv4-translated', source: 'RFC 7915' },
  { range: '64:ff9b::/96', use: 'NAT64', source: 'RFC 6052' },
  { range: '64:ff9b:1::/48', use: 'local-use NAT64', source: 'RFC 8215' },
  { range: '2002::/16', use: '6to4', source: 'RFC 3056' },
  { range: '2001::/32', use: 'Teredo', source: 'RFC 4380' },
  { range: '2001::/23', use: 'IETF protocol assignments', source: 'RFC 2928' },
  { range: '2001:db8::/32', use: 'documentation', source: 'RFC 3849' },
  { range: '3fff::/20', use: 'documentation', source: 'RFC 9637' },
  { range: '100::/64', use: 'discard-only', source: 'RFC 6666' },
  { range: '5f00::/16', use: 'segment routing', source: 'RFC 9602' },
  { range: 'fc00::/7', use: 'unique local', source: 'RFC 4193' },
  { range: 'fe80::/10', use: 'link-local', source: 'RFC 4291' },
  { range: 'fec0::/10', use: 'site-local, deprecated', source: 'RFC 3879' },
  { range: 'ff00::/8', use: 'multicast', source: 'RFC 4291' },
  { range: '::/3', use: 'not global unicast', source: 'RFC 4291' },
  { range: '4000::/2', use: 'not global unicast', source: 'RFC 4291' },
  { range: '8000::/1', use: 'not global unicast', source: 'RFC 4291' },
];

// Two lists, because one alone matches an IPv4 address against IPv6 rows in its mapped form.
const notPublicIPv4 = blockList(NOT_PUBLIC_IPV4, 'ipv4');
const notPublicIPv6 = blockList(NOT_PUBLIC_IPV6, 'ipv6');

function blockList(ranges: readonly Range[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const { range } of ranges) {
    const [network, bits] = range.split('/') as [string, string];
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

/**
 * Whether `ip` is a literal IPv4 or IPv6 address (without brackets) of the public internet. False
 * for anything else: a name, an address with a zone, a spelling such as `127.1` that only a url
 * parser or the C library takes for an address. Give it the hostname that `URL` made of them.
 */
export function isPublicAddress(ip: string): boolean {
  // A zone (`fe80::1%eth0`) names an interface of this machine.
  if (isIP(ip) === 0 || ip.includes('%')) return false;
  return isIPv4(ip) ? !notPublicIPv4.check(ip, 'ipv4') : !notPublicIPv6.check(ip, 'ipv6');
}

/** Why a connection was not made: every address of the name is one that must not be dialled. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

/** All addresses of a name. Rejects, with the resolver's error, when it has none. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/**
 * A stand-in for `dns.lookup` that hands out public addresses only, and a `ForbiddenAddress` when
 * the name has no other kind. As the `lookup` of a connection it leaves no gap between check and
 * use: the address that was checked is the one dialled, however the name resolves a moment later
 * (DNS rebinding). Addresses that are forbidden are not named, or failures would map our network.
 *
 * Node does not call `lookup` for a literal address: check those with `isPublicAddress`.
 */
export function onlyPublic(resolve: Resolve): LookupFunction {
  const publicAddresses = callbackify(async (hostname: string, family: LookupOptions['family']) => {
    const addresses = (await resolve(hostname)).filter(({ address }) => isPublicAddress(address));
    const allowed = addresses.filter((entry) => isOfFamily(entry, family));
    if (allowed.length === 0) throw new ForbiddenAddress(`${hostname} has no public address.`);
    return allowed;
  });
  return (hostname, options, callback) => {
    publicAddresses(hostname, options.family, (error, addresses) => {
      if (error !== null) callback(error, []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

function isOfFamily(entry: LookupAddress, family: LookupOptions['family']): boolean {
  if (family === undefined || family === 0) return true;
  return entry.family === family || `IPv${entry.family}` === family;
}

/**
 * Asks name servers, not `getaddrinfo`: that one blocks a thread of a pool of four for as long as a
 * dead name server takes, and a few such endpoints would hold up everybody's connections. It also
 * reads the hosts file and the search list, where no public name is found.
 */
export function resolveBy(resolver: Resolver): Resolve {
  return async (hostname) => {
    const [ipv4, ipv6] = await Promise.allSettled([
      resolver.resolve4(hostname),
      resolver.resolve6(hostname),
    ]);
    // One family is enough. When there is neither, what was said of IPv4 is what people expect.
    if (ipv4.status === 'rejected' && ipv6.status === 'rejected') throw ipv4.reason;
    return [
      ...(ipv4.status === 'fulfilled' ? ipv4.value : []).map((address) => ({ address, family: 4 })),
      ...(ipv6.status === 'fulfilled' ? ipv6.value : []).map((address) => ({ address, family: 6 })),
    ];
  };
}

/** The `lookup` of every live delivery: public addresses only, by the machine's name servers. */
export const publicLookup: LookupFunction = onlyPublic(
  resolveBy(new Resolver({ timeout: 5_000, tries: 2 })),
);
