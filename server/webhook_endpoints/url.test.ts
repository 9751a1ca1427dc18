import { describe, expect, it } from 'vitest';
import { deliverable } from './url';

const SCHEME = 'Invalid URL: An explicit scheme (such as https) must be provided.';
const CREDENTIALS = 'Invalid URL: URL must not contain a user name or a password.';
const PUBLIC = 'Invalid URL: URL must be publicly accessible.';
const PORT = 'Invalid URL: URLs in livemode must use port 443 or a port from 1024.';
const insecure = (url: string) =>
  `Invalid URL: ${url}. URLs in livemode must begin with "https://"`;

describe('deliverable', () => {
  it.each<[url: string, inTest: string | null, inLive: string | null]>([
    ['https://example.com/hook?a=1#b', null, null],
    ['HTTPS://EXAMPLE.COM', null, null],
    ['https://example.com./', null, null],
    ['https://例え.jp/', null, null],
    ['https://example.com:443/', null, null],
    ['https://example.com:8443/', null, null],
    ['https://8.8.8.8/', null, null],
    ['https://[2606:4700:4700::1111]/', null, null],
    ['', SCHEME, SCHEME],
    ['example.com/hook', SCHEME, SCHEME],
    ['localhost:3000/hook', SCHEME, SCHEME],
    ['//example.com', SCHEME, SCHEME],
    ['ftp://example.com', SCHEME, SCHEME],
    ['file:///etc/passwd', SCHEME, SCHEME],
    ['https://', 'Not a valid URL', 'Not a valid URL'],
    ['https://exa mple.com', 'Not a valid URL', 'Not a valid URL'],
    ['https://example.com:99999', 'Not a valid URL', 'Not a valid URL'],
    ['https://256.256.256.256/', 'Not a valid URL', 'Not a valid URL'],
    ['https://[fe80::1%25eth0]/', 'Not a valid URL', 'Not a valid URL'],
    ['https://user:secret@example.com/', CREDENTIALS, CREDENTIALS],
    ['https://user@example.com/', CREDENTIALS, CREDENTIALS],
    ['https://:secret@example.com/', CREDENTIALS, CREDENTIALS],
    ['http://example.com/', null, insecure('http://example.com/')],
    ['https://example.com:22/', null, PORT],
    ['https://example.com:80/', null, PORT],
    ['https://example.com:0/', null, PORT],
    ['https://example.com:1024/', null, null],
    ['https://localhost/', null, PUBLIC],
    ['https://localhost./', null, PUBLIC],
    ['https://api.localhost/', null, PUBLIC],
    ['https://postgres:5432/', null, PUBLIC],
    ['https://printer.local/', null, PUBLIC],
    ['https://metadata.google.internal/', null, PUBLIC],
    ['https://127.0.0.1/', null, PUBLIC],
    ['https://0x7f000001/', null, PUBLIC],
    ['https://2130706433/', null, PUBLIC],
    ['https://10.1/', null, PUBLIC],
    ['https://169.254.169.254/latest/meta-data', null, PUBLIC],
    ['https://[::1]/', null, PUBLIC],
    ['https://[::ffff:10.0.0.1]/', null, PUBLIC],
  ])('says of %j in test and in live mode: %s, %s', (url, inTest, inLive) => {
    expect(deliverable(url, false)).toEqual(inTest ?? new URL(url));
    expect(deliverable(url, true)).toEqual(inLive ?? new URL(url));
  });
});
