/**
 * Google and GitHub on this machine, for tests of signing in with them: as much of OpenID Connect and
 * of GitHub's OAuth as a real sign-in asks of them, with codes that are good once, secrets that are
 * checked and tokens that are signed. Whoever is sent here agrees at once.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const CLIENT = { id: 'calmony', secret: 'a secret between us' } as const;

/** Who is signed in at the service, in the browser that is sent there. */
export interface Persona {
  readonly subject: string;
  readonly email: string;
  readonly isVerified: boolean;
}

export interface IdentityProvider {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  persona: Persona;
  /** Breaks what is signed: the token is somebody else's. */
  forges: boolean;
  close(): void;
}

interface Grant {
  readonly persona: Persona;
  readonly redirect: string;
  readonly challenge: string | null;
  readonly nonce: string | null;
}

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

const base64url = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(claims: object, isForged: boolean): string {
  const text = `${base64url({ alg: 'RS256', kid: '1', typ: 'JWT' })}.${base64url(claims)}`;
  const signature = sign('sha256', Buffer.from(text), isForged ? stranger : privateKey);
  return `${text}.${signature.toString('base64url')}`;
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request) text += String(part);
  return new URLSearchParams(text);
}

/** The client's, by either of the two ways in which OAuth lets it say them. */
function isClient(request: IncomingMessage, body: URLSearchParams): boolean {
  const [, basic] = /^Basic (.*)$/.exec(request.headers.authorization ?? '') ?? [];
  const [id, secret] =
    basic === undefined
      ? [body.get('client_id'), body.get('client_secret')]
      : Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
  return id === CLIENT.id && secret?.replaceAll('+', ' ') === CLIENT.secret;
}

/** @param clock in milliseconds: a token is good for five minutes of it. */
export async function startIdentityProvider(
  persona: Persona,
  clock: () => number,
): Promise<IdentityProvider> {
  const grants = new Map<string, Grant>();
  const tokens = new Map<string, Persona>();

  /** Sends the browser back, with a code that is good once. */
  function agree(query: URLSearchParams): { status: number; location: string } {
    const code = randomBytes(16).toString('hex');
    const redirect = query.get('redirect_uri') ?? '';
    grants.set(code, {
      persona: provider.persona,
      redirect,
      challenge: query.get('code_challenge'),
      nonce: query.get('nonce'),
    });
    const location = new URL(redirect);
    location.searchParams.set('code', code);
    location.searchParams.set('state', query.get('state') ?? '');
    return { status: 302, location: location.href };
  }

  async function exchange(request: IncomingMessage): Promise<object | null> {
    const body = await bodyOf(request);
    const code = body.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    if (grant === undefined || !isClient(request, body)) return null;
    if (grant.redirect !== body.get('redirect_uri')) return null;
    const proof = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant.challenge !== null && grant.challenge !== proof) return null;
    const access_token = randomBytes(16).toString('hex');
    tokens.set(access_token, grant.persona);
    const now = Math.floor(clock() / 1000);
    const { subject, email, isVerified } = grant.persona;
    const claims = {
      iss: provider.url,
      aud: CLIENT.id,
      sub: subject,
      iat: now,
      exp: now + 300,
      email,
      email_verified: isVerified,
      ...(grant.nonce === null ? {} : { nonce: grant.nonce }),
    };
    return {
      access_token,
      token_type: 'bearer',
      expires_in: 300,
      id_token: jwt(claims, provider.forges),
    };
  }

  const bearer = ({ headers }: IncomingMessage): Persona | undefined =>
    tokens.get(/^(?:Bearer|token) (\w+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');

  /** TABLE: what is asked, by path. Null is 401. */
  const answers: Readonly<Record<string, (request: IncomingMessage) => Promise<object | null>>> = {
    '/.well-known/openid-configuration': async () => ({
      issuer: provider.url,
      authorization_endpoint: `${provider.url}/authorize`,
      token_endpoint: `${provider.url}/token`,
      jwks_uri: `${provider.url}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/keys': async () => ({
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' }],
    }),
    '/token': exchange,
    // GitHub has no OpenID Connect: who it is, is asked with the token.
    '/login/oauth/access_token': async (request) => {
      const answer = await exchange(request);
      return answer === null ? null : { ...answer, id_token: undefined };
    },
    // GitHub's profile shows an address that nobody has verified, and one that somebody chose.
    '/api/v3/user': async (request) => {
      const found = bearer(request);
      return found === undefined
        ? null
        : { id: Number(found.subject), login: 'somebody', email: found.email };
    },
    '/api/v3/user/emails': async (request) => {
      const found = bearer(request);
      return found === undefined
        ? null
        : [
            { email: 'second@example.com', primary: false, verified: true },
            { email: found.email, primary: true, verified: found.isVerified },
          ];
    },
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', provider.url);
    if (url.pathname.endsWith('/authorize')) {
      const { status, location } = agree(url.searchParams);
      response.writeHead(status, { location }).end();
      return;
    }
    void (async () => {
      const answer = await answers[url.pathname]?.(request);
      response.writeHead(answer == null ? 401 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { error: 'invalid_grant' }));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: IdentityProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    persona,
    forges: false,
    close: () => server.close(),
  };
  return provider;
}
