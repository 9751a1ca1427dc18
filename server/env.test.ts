import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseEnv, withSecrets } from './env';

const bytes = (fill: number) => Buffer.alloc(32, fill);

let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(tmpdir(), 'calmony-env-'));
});
afterEach(() => fs.rmSync(home, { recursive: true }));

const load = (source: Record<string, string>) =>
  withSecrets(parseEnv({ CALMONY_HOME: home, ...source }));

describe('parseEnv', () => {
  it('has a default for everything', () => {
    expect(parseEnv({})).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      CALMONY_HOME: path.resolve('.calmony'),
      CALMONY_ROLE: 'all',
      CALMONY_DATABASE_POOL: 10,
      CALMONY_EVENT_RETENTION_DAYS: 400,
      LOG_LEVEL: 'info',
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(parseEnv({ PORT: '', DATABASE_URL: '' })).toEqual(parseEnv({}));
  });

  it.each([
    ['PORT', '80a', 'PORT must be a whole number'],
    ['PORT', '65536', 'PORT must be between 0 and 65535'],
    ['DATABASE_URL', 'mysql://x/y', 'DATABASE_URL must be a postgres:// address'],
    ['DATABASE_URL', 'nonsense', 'DATABASE_URL must be a postgres:// address'],
    ['CALMONY_ROLE', 'boss', 'CALMONY_ROLE must be one of all, web, worker'],
    ['CALMONY_OWNER_EMAIL', 'ada', 'CALMONY_OWNER_EMAIL must be an e-mail address'],
    ['CALMONY_OWNER_PASSWORD', 'short', 'CALMONY_OWNER_PASSWORD must have at least 8 characters'],
    ['NEXTAUTH_URL', 'ftp://x', 'NEXTAUTH_URL must be an http(s):// address'],
    [
      'CALMONY_TEST_SECRET_KEY',
      'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
      'CALMONY_TEST_SECRET_KEY must be sk_test_ followed by 24 or more letters and digits',
    ],
    [
      'CALMONY_ENCRYPTION_KEY',
      'c2hvcnQ=',
      'CALMONY_ENCRYPTION_KEY must be 32 bytes in base64 or hex (openssl rand -base64 32)',
    ],
    [
      'CALMONY_ENCRYPTION_KEY',
      `a:${bytes(1).toString('hex')},a:${bytes(2).toString('hex')}`,
      'CALMONY_ENCRYPTION_KEY must not name two keys alike',
    ],
  ])('refuses %s=%s with one line that does not repeat the value', (name, value, line) => {
    expect(() => parseEnv({ [name]: value })).toThrow(new Error(line));
  });

  it('names every bad variable at once', () => {
    expect(() => parseEnv({ PORT: 'x', LOG_LEVEL: 'loud' })).toThrow(/^PORT .*\nLOG_LEVEL .*$/);
  });

  it('reads keys in base64, base64url and hex, the first of which is current', () => {
    const text = `new:${bytes(255).toString('base64url')}, old:${bytes(2).toString('hex')}`;
    expect(parseEnv({ CALMONY_ENCRYPTION_KEY: text }).CALMONY_ENCRYPTION_KEY).toEqual([
      { id: 'new', key: bytes(255) },
      { id: 'old', key: bytes(2) },
    ]);
  });

  it('gives keys without an id different ids', () => {
    const text = [1, 2].map((fill) => bytes(fill).toString('base64')).join(',');
    const [one, two] = parseEnv({ CALMONY_ENCRYPTION_KEY: text }).CALMONY_ENCRYPTION_KEY ?? [];
    expect(one?.id).toMatch(/^[0-9a-f]{8}$/);
    expect(two?.id).not.toBe(one?.id);
  });
});

describe('withSecrets', () => {
  const remote = { DATABASE_URL: 'postgres://db/calmony', NODE_ENV: 'production' };
  it('generates secrets once and keeps them for the owner alone', () => {
    const first = load({});
    expect(first.encryptionKeys[0]?.key).toHaveLength(32);
    expect(load({})).toEqual(first);
    expect(fs.statSync(path.join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(home)).toEqual(['secrets.json']);
  });

  it('gives two processes that start at once the same secrets', async () => {
    const code = `import { withSecrets, parseEnv } from './server/env.ts';
      console.log(withSecrets(parseEnv({ CALMONY_HOME: process.argv[1] })).embeddedPassword);`;
    const flags = ['--import', 'tsx', '--input-type=module', '-e', code, home];
    const passwords = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
        let output = '';
        for await (const chunk of child.stdout) output += String(chunk);
        return output;
      }),
    );
    expect(passwords[0]).not.toBe('');
    expect(new Set(passwords).size).toBe(1);
  });

  it('still reads what the generated key encrypted once another key is set', () => {
    const generated = load({}).encryptionKeys[0];
    const { encryptionKeys } = load({ CALMONY_ENCRYPTION_KEY: bytes(7).toString('base64') });
    expect(encryptionKeys.map(({ key }) => key)).toEqual([bytes(7), generated?.key]);
  });

  it('refuses a production database elsewhere without a key', () => {
    expect(() => load(remote)).toThrow('CALMONY_ENCRYPTION_KEY is needed in production');
    expect(fs.readdirSync(home)).toEqual([]);
  });

  it('accepts it with a key, and then writes nothing', () => {
    const { encryptionKeys } = load({
      ...remote,
      CALMONY_ENCRYPTION_KEY: bytes(7).toString('base64'),
    });
    expect(encryptionKeys).toHaveLength(1);
    expect(fs.readdirSync(home)).toEqual([]);
  });

  it('accepts it when told that CALMONY_HOME is kept', () => {
    expect(load({ ...remote, CALMONY_SECRETS_IN_HOME: 'true' }).encryptionKeys).toHaveLength(1);
  });

  it('signs sessions alike wherever the key is the same', () => {
    const key = { CALMONY_ENCRYPTION_KEY: bytes(7).toString('hex') };
    const { sessionSecret } = load({ ...remote, ...key });
    expect(load(key).sessionSecret).toBe(sessionSecret);
    expect(load({ CALMONY_ENCRYPTION_KEY: bytes(8).toString('hex') }).sessionSecret).not.toBe(
      sessionSecret,
    );
    expect(load({ NEXTAUTH_SECRET: 'x'.repeat(16) }).sessionSecret).toBe('x'.repeat(16));
  });

  it('does not replace a damaged file', () => {
    fs.writeFileSync(path.join(home, 'secrets.json'), '{}');
    expect(() => load({})).toThrow('is damaged; restore it');
    expect(fs.readFileSync(path.join(home, 'secrets.json'), 'utf8')).toBe('{}');
  });
});
