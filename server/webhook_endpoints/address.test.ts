import { createSocket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ForbiddenAddress,
  isPublicAddress,
  NOT_PUBLIC_IPV4,
  NOT_PUBLIC_IPV6,
  onlyPublic,
  resolveBy,
  type Resolve,
} from './address';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** The first and last address of each range. */
const FORBIDDEN = words(`
  0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.0 127.0.0.1
  127.255.255.255 169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0
  192.0.0.192 192.0.0.255 192.0.2.0 192.0.2.255 192.88.99.0 192.88.99.255 192.168.0.0
  192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255
  224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.254 255.255.255.255

  :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8
  0:0:0:0:0:ffff:a9fe:a9fe ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::1
  64:ff9b:1:ffff:ffff:ffff:ffff:ffff 2002:: 2002:7f00:1:: 2002:808:808::1
  2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2001::1 2001:0:ffff::1 2001:2::1 2001:20::1
  2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff 2001:db8:: 2001:DB8::1
  2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff 100::
  100::ffff:ffff:ffff:ffff 5f00:: 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff fc00:: fd00:ec2::254
  fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe80:: febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff fec0::
  feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ff00:: ff02::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
  1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 4000:: 8000::

  fe80::1%eth0 fe80::1%2 2606:4700:4700::1111%eth0
`);

/** Well-known receivers of anything, and the neighbours of the ranges. */
const ALLOWED = words(`
  1.0.0.0 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255
  128.0.0.0 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0
  192.0.1.255 192.0.3.0 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255
  198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255

  2000:: 2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2001:200:: 2001:4860:4860::8888
  2001:db7:ffff:ffff:ffff:ffff:ffff:ffff 2001:db9:: 2003:: 2606:4700:4700::1111
  2A00:1450:4009:81f::200e 3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff 3fff:1000::
  3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
`);

/** Not addresses: a name, or a spelling that must go through the url parser first. */
const NOT_LITERAL = words(`
  localhost example.com 127.1 0x7f000001 2130706433 017700000001 0177.0.0.1 0x7f.1 8.8.8 8.8.8.8.
  8.8.8.256 08.8.8.8 [::1] [2606:4700:4700::1111] 8.8.8.8/32 8.8.8.8:443 １.1.1.1 2606:4700:::1
`).concat('', ' ', ' 8.8.8.8', '8.8.8.8\n', '8.8.8.8\0');

/** Urls that hide an address, and the address. */
const DISGUISED: [string, string][] = [
  ['https://0x7f000001/', '127.0.0.1'],
  ['https://2130706433/', '127.0.0.1'],
  ['https://017700000001/', '127.0.0.1'],
  ['https://0177.0.0.1/', '127.0.0.1'],
  ['https://0x7f.0.0.1/', '127.0.0.1'],
  ['https://127.1/', '127.0.0.1'],
  ['https://127.0.0.1./', '127.0.0.1'],
  ['https://0/', '0.0.0.0'],
  ['https://１２７.０.０.１/', '127.0.0.1'],
  ['https://①②⑦.⓪.⓪.①/', '127.0.0.1'],
  ['https://%31%32%37.0.0.1/', '127.0.0.1'],
  ['https://2852039166/', '169.254.169.254'],
  ['https://0xa9fea9fe/', '169.254.169.254'],
  ['https://0251.0376.0251.0376/', '169.254.169.254'],
  ['https://10.1/', '10.0.0.1'],
  ['https://192.168.257/', '192.168.1.1'],
  ['https://user@127.0.0.1/', '127.0.0.1'],
  ['https://example.com@127.0.0.1/', '127.0.0.1'],
  ['https://[::1]/', '::1'],
  ['https://[0:0:0:0:0:0:0:1]/', '::1'],
  ['https://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
  ['https://[::FFFF:10.0.0.1]/', '::ffff:a00:1'],
  ['https://[::ffff:a9fe:a9fe]/', '::ffff:a9fe:a9fe'],
  ['https://[64:ff9b::127.0.0.1]/', '64:ff9b::7f00:1'],
  ['https://[fd00:ec2::254]/', 'fd00:ec2::254'],
];

describe('isPublicAddress', () => {
  it.each(FORBIDDEN)('forbids %s', (ip) => {
    expect(isPublicAddress(ip)).toBe(false);
  });

  it.each(ALLOWED)('allows %s', (ip) => {
    expect(isPublicAddress(ip)).toBe(true);
  });

  it.each(NOT_LITERAL)('takes %j for no address at all', (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });

  it.each(DISGUISED)('forbids %s', (url, ip) => {
    const hostname = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
    expect(hostname).toBe(ip);
    expect(isPublicAddress(hostname)).toBe(false);
  });

  it.each([...NOT_PUBLIC_IPV4, ...NOT_PUBLIC_IPV6])('forbids $range ($use)', ({ range }) => {
    expect(isPublicAddress(range.slice(0, range.indexOf('/')))).toBe(false);
  });
});

const addresses = (...entries: [string, 4 | 6][]): Resolve => {
  const list = entries.map(([address, family]) => ({ address, family }));
  return async () => list;
};
const lookup = (resolve: Resolve, options: { all?: boolean; family?: 0 | 4 | 6 | 'IPv6' } = {}) =>
  new Promise<{ address: string | LookupAddress[]; family?: number }>((done, fail) => {
    onlyPublic(resolve)('hooks.example.com', options, (error, address, family) => {
      if (error === null) done({ address, family });
      else fail(error);
    });
  });

describe('onlyPublic', () => {
  it('answers like dns.lookup: the first address, or all of them when asked', async () => {
    const both = addresses(['1.1.1.1', 4], ['2606:4700::1', 6]);
    expect(await lookup(both)).toEqual({ address: '1.1.1.1', family: 4 });
    expect(await lookup(both, { all: true })).toEqual({
      address: [
        { address: '1.1.1.1', family: 4 },
        { address: '2606:4700::1', family: 6 },
      ],
    });
  });

  it('answers with the family that is asked for', async () => {
    const both = addresses(['1.1.1.1', 4], ['2606:4700::1', 6]);
    expect(await lookup(both, { family: 6 })).toEqual({ address: '2606:4700::1', family: 6 });
    expect(await lookup(both, { family: 'IPv6' })).toEqual({ address: '2606:4700::1', family: 6 });
    expect(await lookup(both, { family: 0 })).toEqual({ address: '1.1.1.1', family: 4 });
  });

  it('never gives an address that is not public, wherever it stands in the list', async () => {
    const mixed = addresses(['127.0.0.1', 4], ['1.1.1.1', 4], ['::1', 6], ['::ffff:a00:1', 6]);
    expect(await lookup(mixed)).toEqual({ address: '1.1.1.1', family: 4 });
    expect(await lookup(mixed, { all: true })).toEqual({
      address: [{ address: '1.1.1.1', family: 4 }],
    });
  });

  it('refuses a name without a public address, and does not say what addresses it has', async () => {
    const error = await lookup(addresses(['169.254.169.254', 4], ['::1', 6]), { all: true }).catch(
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(ForbiddenAddress);
    expect((error as Error).message).toBe('hooks.example.com has no public address.');
  });

  it('resolves anew for every connection, so a name that changes its mind is caught', async () => {
    const answers: LookupAddress[][] = [
      [{ address: '1.1.1.1', family: 4 }],
      [{ address: '127.0.0.1', family: 4 }],
    ];
    const rebinding: Resolve = async () => answers.shift()!;
    expect(await lookup(rebinding)).toEqual({ address: '1.1.1.1', family: 4 });
    await expect(lookup(rebinding)).rejects.toBeInstanceOf(ForbiddenAddress);
  });

  it('passes on what the resolver says of a name that does not exist', async () => {
    const unknown = Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' });
    await expect(lookup(() => Promise.reject(unknown))).rejects.toBe(unknown);
  });
});

describe('resolveBy', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** A resolver that asks a name server which knows these records of any name (RFC 1035). */
  async function resolverOf(records: { A?: string[]; AAAA?: string[] }): Promise<Resolver> {
    const server = createSocket('udp4', (query, from) => {
      const isIPv6 = query.readUInt16BE(query.indexOf(0, 12) + 1) === 28;
      const addresses = (isIPv6 ? records.AAAA : records.A) ?? [];
      const answers = addresses.map((hex) => `c00c${isIPv6 ? '001c' : '0001'}00010000003c${hex}`);
      const question = query.subarray(12, query.indexOf(0, 12) + 5);
      const counts = `0001${String(answers.length).padStart(4, '0')}00000000`;
      const head = Buffer.from(`8180${counts}`, 'hex');
      const reply = [query.subarray(0, 2), head, question, Buffer.from(answers.join(''), 'hex')];
      server.send(Buffer.concat(reply), from.port);
    });
    closing.push(() => server.close());
    await new Promise<void>((listening) => {
      server.bind(0, '127.0.0.1', listening);
    });
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
    return resolver;
  }
  const V4 = '000408080808';
  const V6 = '001020014860486000000000000000008888';

  it('gives the addresses of both families', async () => {
    const resolve = resolveBy(await resolverOf({ A: [V4, '00047f000001'], AAAA: [V6] }));
    expect(await resolve('hooks.example.com')).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
      { address: '2001:4860:4860::8888', family: 6 },
    ]);
  });

  it.each([
    [{ A: [V4] }, { address: '8.8.8.8', family: 4 }],
    [{ AAAA: [V6] }, { address: '2001:4860:4860::8888', family: 6 }],
  ])('is content with one family', async (records, address) => {
    expect(await resolveBy(await resolverOf(records))('hooks.example.com')).toEqual([address]);
  });

  it('rejects for a name that has neither', async () => {
    const resolve = resolveBy(await resolverOf({}));
    await expect(resolve('hooks.example.com')).rejects.toMatchObject({ syscall: 'queryA' });
  });
});
