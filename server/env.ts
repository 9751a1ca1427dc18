/**
 * The environment, read once and checked whole: a bad value stops the start with one line that names
 * it. Nothing else in the server reads `process.env`.
 *
 * What nobody sets is generated once and kept in `CALMONY_HOME/secrets.json`, so that `npm start`
 * needs no configuration. Losing that file loses what it encrypted, therefore a deployment that keeps
 * its database elsewhere (DATABASE_URL) under NODE_ENV=production must bring its own key.
 */
import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** A key of AES-256-GCM. The id is stored beside each ciphertext and says which key opens it. */
export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

const KEY_BYTES = 32;

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be between ${least} and ${most}`);

/** Base64 (either alphabet) or hex. */
function decodeKey(text: string): Buffer {
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
}

/** A key without an id is named after itself, so that another key never gets the same id. */
function fingerprint(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

function parseKeys(text: string, context: z.RefinementCtx): EncryptionKey[] {
  const keys = text.split(',').map((part) => {
    const [, id, encoded = ''] = /^\s*(?:([0-9A-Za-z_-]{1,32}):)?(\S+)\s*$/.exec(part) ?? [];
    const key = decodeKey(encoded);
    return { id: id ?? fingerprint(key), key };
  });
  if (keys.some(({ key }) => key.length !== KEY_BYTES)) {
    context.addIssue('must be 32 bytes in base64 or hex (openssl rand -base64 32)');
  } else if (new Set(keys.map(({ id }) => id)).size < keys.length) {
    context.addIssue('must not name two keys alike');
  }
  return keys;
}

const testKey = (prefix: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}[0-9A-Za-z]{24,}$`),
      `must be ${prefix} followed by 24 or more letters and digits`,
    );

const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  /** 0 takes any free port. */
  PORT: integer(0, 65_535).default(3000),
  /** Loopback, so that nothing is exposed by accident. 0.0.0.0 serves the network. */
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/, error: 'must be a postgres:// address' })
    .optional(),
  /** Connections of this process. All processes together must stay below the server's limit. */
  CALMONY_DATABASE_POOL: integer(2, 1000).default(10),
  CALMONY_HOME: z
    .string()
    .default('.calmony')
    .transform((directory) => path.resolve(directory)),
  CALMONY_ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  /** `key` or `id:key`, several with commas: the first encrypts, all decrypt. */
  CALMONY_ENCRYPTION_KEY: z.string().transform(parseKeys).optional(),
  /** Whether generated secrets may live in CALMONY_HOME although the database is elsewhere. */
  CALMONY_SECRETS_IN_HOME: z
    .enum(['true', 'false'])
    .transform((word) => word === 'true')
    .optional(),
  CALMONY_TEST_SECRET_KEY: testKey('sk_test_').optional(),
  CALMONY_TEST_PUBLISHABLE_KEY: testKey('pk_test_').optional(),
  CALMONY_OWNER_EMAIL: z.email('must be an e-mail address').optional(),
  CALMONY_OWNER_PASSWORD: z.string().min(8, 'must have at least 8 characters').optional(),
  NEXTAUTH_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  NEXTAUTH_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s):// address' }).optional(),
  /** Reverse proxies in front of this process: so many entries of X-Forwarded-For are believed. */
  CALMONY_PROXIES: integer(0, 10).default(0),
  /** Signing in with Google or GitHub: each works once both of its variables are set. */
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Days for which events can be read. Stripe's API gives 30. */
  CALMONY_EVENT_RETENTION_DAYS: integer(1, 36_500).default(400),
  /** For tests: where to stop, and how the simulator misbehaves. */
  CALMONY_FAILPOINTS: z.string().default(''),
  CALMONY_SIMULATOR_FAULTS: z.string().default(''),
});

/** The environment as it was set, with defaults, under the names of the variables. */
export type Env = z.output<typeof schema>;

/**
 * @throws Error with one line for each bad variable, and without its value, which may be a secret
 */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  // An empty variable is how compose files and CI systems spell "not set".
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path: [name], message, code, ...issue }) =>
    code === 'invalid_value' && 'values' in issue
      ? `${String(name)} must be one of ${issue.values.join(', ')}`
      : `${String(name)} ${message}`,
  );
  throw new Error(lines.join('\n'));
}

export interface OAuthCredentials {
  readonly id: string;
  readonly secret: string;
}

const credentialsOf = (id?: string, secret?: string): OAuthCredentials | undefined =>
  id === undefined || secret === undefined ? undefined : { id, secret };

/** What the server runs with: the environment, and the secrets that it did not have to name. */
export interface Config extends Env {
  /** The first encrypts, all decrypt. */
  readonly encryptionKeys: readonly EncryptionKey[];
  /** Signs dashboard sessions. */
  readonly sessionSecret: string;
  /** Other services to sign in with, by what is set. */
  readonly oauthProviders: Partial<Record<'google' | 'github', OAuthCredentials>>;
  /** Of the embedded PostgreSQL; unused when DATABASE_URL is set. */
  readonly embeddedPassword: string;
}

const secretsFile = z.object({ encryption_key: z.string(), database_password: z.string() });
type Secrets = z.output<typeof secretsFile>;

/** Adds the secrets, generating those that are neither set nor kept from the last start. */
export function withSecrets(env: Env): Config {
  const inEnvironment = env.CALMONY_ENCRYPTION_KEY ?? [];
  const kept = readSecrets(env.CALMONY_HOME);
  const mayKeep =
    env.DATABASE_URL === undefined ||
    (env.CALMONY_SECRETS_IN_HOME ?? env.NODE_ENV !== 'production');
  if (inEnvironment.length === 0 && kept === null && !mayKeep) {
    throw new Error(
      'CALMONY_ENCRYPTION_KEY is needed in production (openssl rand -base64 32), ' +
        'or CALMONY_SECRETS_IN_HOME=true if CALMONY_HOME is on a disk that is kept',
    );
  }
  const isNeeded = inEnvironment.length === 0 || env.DATABASE_URL === undefined;
  const secrets = kept ?? (isNeeded ? createSecrets(env.CALMONY_HOME) : null);
  // The generated key stays in the ring, so that setting one later does not lose what it encrypted.
  const encryptionKeys = [...inEnvironment];
  const generated = secrets === null ? null : decodeKey(secrets.encryption_key);
  if (generated !== null && !encryptionKeys.some(({ key }) => key.equals(generated))) {
    encryptionKeys.push({ id: fingerprint(generated), key: generated });
  }
  return {
    ...env,
    encryptionKeys,
    sessionSecret: env.NEXTAUTH_SECRET ?? deriveSessionSecret(encryptionKeys),
    oauthProviders: {
      google: credentialsOf(env.GOOGLE_CLIENT_ID, env.GOOGLE_CLIENT_SECRET),
      github: credentialsOf(env.GITHUB_CLIENT_ID, env.GITHUB_CLIENT_SECRET),
    },
    embeddedPassword: secrets?.database_password ?? '',
  };
}

/** Derived, not generated: every process that shares the key then accepts the same sessions. */
function deriveSessionSecret(keys: readonly EncryptionKey[]): string {
  const current = keys[0]?.key ?? Buffer.alloc(0);
  return Buffer.from(hkdfSync('sha256', current, '', 'calmony dashboard sessions', 32)).toString(
    'base64url',
  );
}

const secretsPath = (home: string): string => path.join(home, 'secrets.json');

function readSecrets(home: string): Secrets | null {
  let text: string;
  try {
    text = fs.readFileSync(secretsPath(home), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`${secretsPath(home)} cannot be read: ${String(error)}`, { cause: error });
  }
  try {
    return secretsFile.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${secretsPath(home)} is damaged; restore it`, { cause: error });
  }
}

/**
 * Writes the file whole under another name, then links it into place. A link, unlike a rename, fails
 * when the place is taken: of two processes that start at once, the second uses the first one's.
 */
function createSecrets(home: string): Secrets {
  const secrets: Secrets = {
    encryption_key: randomBytes(KEY_BYTES).toString('base64'),
    database_password: randomBytes(24).toString('base64url'),
  };
  fs.mkdirSync(home, { recursive: true });
  const draft = `${secretsPath(home)}.${randomBytes(6).toString('hex')}`;
  fs.writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
  try {
    fs.linkSync(draft, secretsPath(home));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    fs.rmSync(draft);
  }
  return readSecrets(home) ?? secrets;
}

/** next-auth asks the environment where it is, and nothing else. */
export function tellNextAuth(origin: string): void {
  process.env['NEXTAUTH_URL'] ??= origin;
}

/** The one place where the process's environment is read. */
export const loadEnv = (): Config => withSecrets(parseEnv(process.env));
