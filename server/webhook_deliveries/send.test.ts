import { generateKeyPairSync, sign } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import {
  createServer,
  type AddressInfo,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onlyPublic, type Resolve } from '@/server/webhook_endpoints';
import { newSender, type Answer, type Post, type Sender } from './send';

/** Long enough never to be what ends a test, and short enough to be. In milliseconds. */
const PATIENT_MS = 10_000;
const BRIEF_MS = 150;
const KEPT_BYTES = 16 * 1024;
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Listens on a free port of 127.0.0.1 until the test ends; gives the port. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  return (server.address() as AddressInfo).port;
}

const receiver = async (handler: http.RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(http.createServer(handler))}/hook`;

/** A receiver of bare TCP, which is given each request's socket to say on it whatever it likes. */
const rawReceiver = async (onRequest: (socket: Socket) => void): Promise<string> => {
  const server = createServer((socket) => socket.on('data', () => onRequest(socket)));
  return `http://127.0.0.1:${await listen(server)}/hook`;
};

function sender(options: Parameters<typeof newSender>[0] = {}): Sender {
  const made = newSender(options);
  closing.push(made.close);
  return made;
}

const post = (url: string, changes: Partial<Post> = {}): Post => ({
  url,
  body: '{}',
  headers: { 'content-type': 'application/json' },
  livemode: false,
  timeoutMs: PATIENT_MS,
  ...changes,
});

const bodyOf = (answer: Answer) => (answer.kind === 'answered' ? answer.body : answer);

describe('send', () => {
  it('posts the body and headers as they are and gives the answer', async () => {
    let seen = {};
    const url = await receiver((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { 'content-length': length, 'stripe-signature': signature } = request.headers;
        const text = Buffer.concat(chunks).toString();
        seen = { method: request.method, path: request.url, length, signature, text };
        response.writeHead(201).end('thank you, Zoë');
      });
    });
    const body = '{"name":"Zoë 😀"}';
    const answer = await sender().send(
      post(`${url}?a=1`, { body, headers: { 'stripe-signature': 't=1,v1=ab' } }),
    );
    expect(answer).toMatchObject({ kind: 'answered', status: 201, body: 'thank you, Zoë' });
    expect(Number.isInteger(answer.durationMs)).toBe(true);
    expect(seen).toEqual({
      method: 'POST',
      path: '/hook?a=1',
      length: String(Buffer.byteLength(body)),
      signature: 't=1,v1=ab',
      text: body,
    });
  });

  it.each([204, 400, 410, 500])('gives a %i as the answer that it is', async (status) => {
    const url = await receiver((_, response) => response.writeHead(status).end());
    expect(await sender().send(post(url))).toMatchObject({ kind: 'answered', status, body: '' });
  });

  it('does not follow a redirect', async () => {
    const paths: unknown[] = [];
    const url = await receiver((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await sender().send(post(url))).toMatchObject({ kind: 'answered', status: 307 });
    expect(paths).toEqual(['/hook']);
  });

  it('keeps the connection for the next delivery', async () => {
    const ports: unknown[] = [];
    const url = await receiver((request, response) => {
      ports.push(request.socket.remotePort);
      response.end('ok');
    });
    const { send } = sender();
    for (let count = 0; count < 3; count++) await send(post(url));
    expect(ports).toHaveLength(3);
    expect(new Set(ports).size).toBe(1);
  });

  it('ends its kept connections when it is closed', async () => {
    let ended: Promise<void> | undefined;
    const url = await receiver((request, response) => {
      ended = new Promise((end) => {
        request.socket.on('close', () => end());
      });
      response.end('ok');
    });
    const { send, close } = sender();
    await send(post(url));
    close();
    await expect(ended).resolves.toBeUndefined();
  });

  it('opens a fresh connection, not another kept one, when a kept one is closed under its feet', async () => {
    const requests = new Map<Socket, number>();
    const url = await rawReceiver((socket) => {
      const count = (requests.get(socket) ?? 0) + 1;
      requests.set(socket, count);
      if (count === 1) socket.write(OK);
      else socket.destroy();
    });
    const { send } = sender();
    await Promise.all([send(post(url)), send(post(url))]);
    expect(bodyOf(await send(post(url)))).toBe('ok');
    expect([...requests.values()].sort((a, b) => a - b)).toEqual([1, 1, 2]);
  });

  it('tries a fresh connection once only', async () => {
    let requests = 0;
    const url = await rawReceiver((socket) => {
      requests += 1;
      if (requests === 1) socket.write(OK);
      else socket.destroy();
    });
    const { send } = sender();
    await send(post(url));
    expect(await send(post(url))).toMatchObject({ kind: 'failed', reason: 'connection' });
    expect(requests).toBe(3);
  });

  it('does not repeat a delivery when its first connection is closed', async () => {
    let requests = 0;
    const url = await rawReceiver((socket) => {
      requests += 1;
      socket.destroy();
    });
    const answer = await sender().send(post(url));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'connection' });
    expect(requests).toBe(1);
  });
});

describe('the body of the answer', () => {
  it.each([
    ['is kept whole up to 16 KiB', 'x'.repeat(KEPT_BYTES), 'x'.repeat(KEPT_BYTES)],
    ['is cut at 16 KiB', 'x'.repeat(KEPT_BYTES + 1), 'x'.repeat(KEPT_BYTES)],
    ['is cut before a character, not within it', `x${'é'.repeat(9000)}`, `x${'é'.repeat(8191)}`],
    ['has no NUL, which PostgreSQL refuses', 'a\0b', 'a\uFFFDb'],
  ])('%s', async (_, sent, kept) => {
    const url = await receiver((_request, response) => response.end(sent));
    expect(bodyOf(await sender().send(post(url)))).toBe(kept);
  });

  it('is read no further than it is kept, and the rest is never waited for', async () => {
    let hungUp: Promise<void> | undefined;
    const url = await receiver((request, response) => {
      hungUp = new Promise((close) => {
        request.socket.on('close', () => close());
      });
      response.write('x'.repeat(KEPT_BYTES + 1));
    });
    expect(bodyOf(await sender().send(post(url)))).toBe('x'.repeat(KEPT_BYTES));
    await expect(hungUp).resolves.toBeUndefined();
  });
});

describe('a receiver that misbehaves', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['breaks off in its body', (s) => s.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok')],
    ['speaks another protocol', (s) => s.end('220 mail.example.com ESMTP\r\n')],
    [
      'switches protocols',
      (s) => s.write('HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    ],
    ['sends headers without end', (s) => s.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(99_999)}`)],
  ])('that %s has not answered', async (_, onRequest) => {
    const url = await rawReceiver(onRequest);
    const answer = await sender().send(post(url));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'connection' });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    [
      'stops after its headers',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'),
    ],
    ['asks for patience', (socket) => socket.write('HTTP/1.1 102 Processing\r\n\r\n')],
    [
      'drips its body',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n');
        const drip = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(drip));
      },
    ],
  ])('that %s is cut off at the deadline', async (_, onRequest) => {
    const url = await rawReceiver(onRequest);
    const answer = await sender().send(post(url, { timeoutMs: BRIEF_MS }));
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      message: 'No complete answer within 150 ms.',
    });
  });

  it('holds up neither the deliveries that queue behind it nor those to others', async () => {
    const dead = await rawReceiver(() => undefined);
    const alive = await receiver((_, response) => response.end('ok'));
    const { send } = sender();
    const stuck = Array.from({ length: 80 }, () => send(post(dead, { timeoutMs: BRIEF_MS })));
    expect(bodyOf(await send(post(alive)))).toBe('ok');
    const answers = await Promise.all(stuck);
    expect(answers.filter((a) => a.kind === 'failed' && a.reason === 'timeout')).toHaveLength(80);
  });

  it('that does not listen is refused', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((closed) => {
      server.close(closed);
    });
    const answer = await sender().send(post(`http://127.0.0.1:${port}/`));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'refused' });
  });

  it('is a failure also for a header that cannot be sent', async () => {
    const url = await receiver((_, response) => response.end('ok'));
    const answer = await sender().send(post(url, { headers: { 'x-note': 'a\nb' } }));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'connection' });
  });
});

const HOST = 'hooks.example.com';

/** The name resolves to this machine, as if it were public. */
const toLoopback: LookupFunction = (_, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

const resolvesTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('over TLS', () => {
  let identity: Identity;
  beforeAll(() => {
    identity = selfSigned(HOST);
  });

  const secureReceiver = async (seen: http.IncomingMessage[] = []): Promise<number> =>
    listen(
      https.createServer(identity, (request, response) => {
        seen.push(request);
        response.end('ok');
      }),
    );

  it('delivers in live mode to a receiver that proves its name, and keeps the connection', async () => {
    const seen: http.IncomingMessage[] = [];
    const port = await secureReceiver(seen);
    const { send } = sender({ lookup: toLoopback, ca: identity.cert });
    const live = post(`https://${HOST}:${port}/hook`, { livemode: true });
    expect(await send(live)).toMatchObject({ kind: 'answered', status: 200, body: 'ok' });
    expect(await send(live)).toMatchObject({ kind: 'answered', status: 200, body: 'ok' });
    expect(seen.map((request) => request.headers.host)).toEqual(Array(2).fill(`${HOST}:${port}`));
    expect(new Set(seen.map((request) => request.socket)).size).toBe(1);
  });

  it('refuses a certificate that no authority vouches for, in either mode', async () => {
    const seen: http.IncomingMessage[] = [];
    const port = await secureReceiver(seen);
    const { send } = sender({ lookup: toLoopback });
    for (const request of [
      post(`https://${HOST}:${port}/`, { livemode: true }),
      post(`https://127.0.0.1:${port}/`),
    ]) {
      expect(await send(request)).toMatchObject({ kind: 'failed', reason: 'tls' });
    }
    expect(seen).toEqual([]);
  });

  it('refuses a certificate of another name', async () => {
    const port = await secureReceiver();
    const { send } = sender({ lookup: toLoopback, ca: identity.cert });
    const answer = await send(post(`https://other.example.com:${port}/`, { livemode: true }));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'tls' });
  });

  it('refuses a receiver that does not speak it', async () => {
    const url = await receiver((_, response) => response.end('ok'));
    const answer = await sender().send(post(url.replace('http:', 'https:')));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'tls' });
  });
});

describe('in live mode', () => {
  it('does not connect to a name that resolves to addresses of our own network', async () => {
    let connections = 0;
    const server = createServer(() => (connections += 1));
    const port = await listen(server);
    const lookup = onlyPublic(resolvesTo('127.0.0.1', '::1', '::ffff:127.0.0.1'));
    const answer = await sender({ lookup }).send(
      post(`https://${HOST}:${port}/`, { livemode: true }),
    );
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: 'forbidden_address',
      message: `${HOST} has no public address.`,
    });
    expect(connections).toBe(0);
  });

  it('does not connect to a literal address of our own network, which is never looked up', async () => {
    let connections = 0;
    const port = await listen(createServer(() => (connections += 1)));
    const { send } = sender();
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'localhost']) {
      const answer = await send(post(`https://${host}:${port}/`, { livemode: true }));
      expect(answer).toMatchObject({ kind: 'failed', reason: 'forbidden_address' });
    }
    expect(connections).toBe(0);
  });

  it('says when the name does not exist', async () => {
    const unknown = Object.assign(new Error(`queryA ENOTFOUND ${HOST}`), {
      code: 'ENOTFOUND',
      syscall: 'queryA',
    });
    const { send } = sender({ lookup: onlyPublic(() => Promise.reject(unknown)) });
    const answer = await send(post(`https://${HOST}/`, { livemode: true }));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'dns', message: unknown.message });
  });

  it('does not blame the receiver for a name server that refuses or is late', async () => {
    for (const code of ['ECONNREFUSED', 'ETIMEOUT', 'ETIMEDOUT']) {
      const error = Object.assign(new Error(code), { code, syscall: 'queryA' });
      const { send } = sender({ lookup: onlyPublic(() => Promise.reject(error)) });
      const answer = await send(post(`https://${HOST}/`, { livemode: true }));
      expect(answer).toMatchObject({ kind: 'failed', reason: 'dns' });
    }
  });

  it('counts the look-up of the name into the deadline', async () => {
    const { send } = sender({ lookup: () => undefined });
    const answer = await send(post(`https://${HOST}/`, { livemode: true, timeoutMs: BRIEF_MS }));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });
});

interface Identity {
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);

/** A certificate that vouches for itself (X.509 v3, RFC 5280), spelled out in DER. */
function selfSigned(host: string): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  const ecdsaWithSha256 = sequence(hex('06 08 2a8648ce3d040302'));
  const commonName = sequence(hex('06 03 550403'), der(0x0c, Buffer.from(host)));
  const name = sequence(der(0x31, commonName));
  const validity = sequence(
    der(0x17, Buffer.from('200101000000Z')),
    der(0x17, Buffer.from('491231235959Z')),
  );
  const alternativeName = sequence(
    hex('06 03 551d11'),
    der(0x04, sequence(der(0x82, Buffer.from(host)))),
  );
  const certificate = sequence(
    hex('a0 03 020102'),
    hex('02 01 01'),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeName)),
  );
  const signature = der(0x03, hex('00'), sign('sha256', certificate, privateKey));
  const base64 = sequence(certificate, ecdsaWithSha256, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}
