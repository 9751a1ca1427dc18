import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { NoAnswer } from '../processor';
import { decodeFields, encodeFields, valueOf, without, type Fields } from './fields';
import { asking, but, connect, PAID, respond, SECRET, XREF } from './line.case';
import type { Posted } from './post';
import { scrub } from './scrub';
import { signed, signOnly, verify } from './signature';

const page = (body: string, status = 200): Posted => ({ status, body });

const raw = (fields: Fields): Posted => page(encodeFields(fields));

/** What a gateway that is asked `request` would answer, to be spoilt. */
const whole = (request: Fields): Fields =>
  signed(
    [...without(request, 'signature').filter(([name]) => !/amount|currency/.test(name)), ...PAID],
    SECRET,
  );

const cut = (text: string): string => text.slice(0, text.length - 40);

describe('no answer', () => {
  it.each<[string, (request: Fields) => Posted | Error]>([
    ['a connection that is refused', () => new Error('connect ECONNREFUSED')],
    ['a status of 500', () => page('Internal error', 500)],
    ['maintenance, even with a signed body', (r) => page(encodeFields(whole(r)), 503)],
    ['an empty body', () => page('')],
    ['a page of HTML', () => page('<html><body>Bad gateway</body></html>')],
    ['a broken escape', (r) => page(`${encodeFields(whole(r))}&x=%zz`)],
    ['an answer cut short', (r) => page(cut(encodeFields(whole(r))))],
    ['an answer with no signature', (r) => raw(without(whole(r), 'signature'))],
    ['an empty signature', (r) => raw(but(whole(r), { signature: '' }))],
    ['a signature by another secret', (r) => respond(r, PAID, 'another')],
    ['a changed amount', (r) => raw(but(whole(r), { amountReceived: '1001' }))],
    ['an added field', (r) => raw([...whole(r), ['extra', '1']])],
    [
      'a signature of a part, even of all that matters',
      (r) => {
        const fields = without(whole(r), 'signature');
        const names = fields.map(([name]) => name).filter((name) => name !== 'cardScheme');
        return raw([...fields, ['signature', signOnly(fields, SECRET, names)]]);
      },
    ],
    ['no code', (r) => respond(r, but(PAID, { responseCode: undefined }))],
    ['a code that is none', (r) => respond(r, but(PAID, { responseCode: '-1' }))],
    ['the answer to another request', (r) => respond(r, but(PAID, { transactionUnique: 'att_0' }))],
    ['the answer for another merchant', (r) => respond(r, but(PAID, { merchantID: '100002' }))],
    ['the answer to another action', (r) => respond(r, but(PAID, { action: 'REFUND_SALE' }))],
  ])('is %s', async (_name, reply) => {
    const { processor, logged } = connect([reply]);
    await expect(processor.authorize(asking())).rejects.toBeInstanceOf(NoAnswer);
    expect(logged).toHaveLength(1);
  });

  it('is none of this: the answer that the others are spoilt from', async () => {
    const { processor, logged } = connect([(request) => raw(whole(request))]);
    expect(await processor.authorize(asking())).toMatchObject({ kind: 'approved' });
    expect(logged).toEqual([]);
  });

  it.each<[string, RequestListener]>([
    ['what comes after the deadline', () => undefined],
    ['what has begun by then', (_request, response) => void response.write('responseCode=0')],
    [
      'a redirection, which is not followed',
      (_request, response) => {
        response.writeHead(302, { location: 'https://elsewhere.example/' }).end();
      },
    ],
    ['a body that does not end', (_request, response) => void response.end('a'.repeat(300_000))],
    ['a connection that is closed', (_request, response) => void response.destroy()],
    [
      'a connection that is closed within the answer',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 1_000 });
        response.write('responseCode=0', () => response.destroy());
      },
    ],
  ])('is %s', async (_name, answer) => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { processor, logged } = connect([], {
      baseUrl: `http://127.0.0.1:${port}`,
      post: undefined,
      deadlineMs: 150,
    });
    await expect(processor.authorize(asking())).rejects.toBeInstanceOf(NoAnswer);
    expect(logged).toHaveLength(1);
    server.closeAllConnections();
    server.close();
  });

  it('is none of this: a whole answer over the network', async () => {
    const server = createServer((request, response) => {
      void text(request).then((form) => response.end(encodeFields(whole(decodeFields(form)))));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const baseUrl = `http://127.0.0.1:${port}`;
    const { processor } = connect([], { baseUrl, post: undefined });
    for (const _time of ['on a new connection', 'on a kept one']) {
      expect(await processor.authorize(asking())).toMatchObject({ kind: 'approved' });
    }
    server.closeAllConnections();
    server.close();
  });
});

describe('a request', () => {
  it('is signed over all that it says, with line ends that leave no doubt', async () => {
    const { processor, requests } = connect([PAID], { password: 'open sesame' });
    const billing = { ...NOBODY, name: "O'Hara *~", line1: '1 High Street\r\nFlat 2', line2: 'Ω' };
    await processor.authorize(asking({ billing }));
    const request = requests[0] ?? [];
    expect(verify(request, SECRET)).toBe('whole');
    expect(valueOf(request, 'merchantPwd')).toBe('open sesame');
    expect(valueOf(request, 'customerAddress')).toBe('1 High Street\nFlat 2\nΩ');
    expect(request.at(-1)?.[0]).toBe('signature');
  });
});

describe('scrub', () => {
  it('lets nothing of the card, the payer or the account into a log', () => {
    const secrets: Fields = [
      ['cardNumber', '4929421234600821'],
      ['cardCVV', '356'],
      ['cardExpiryDate', '1228'],
      ['paymentToken', 'eyJwYXltZW50VG9rZW4iOnt9fQ=='],
      ['merchantPwd', 'open sesame'],
      ['signature', 'da0acd2c'],
      ['threeDSRef', 'UDNLRVk6'],
      ['threeDSResponse[cres]', 'eyJhIjoxfQ'],
      ['customerName', 'Ada'],
      ['customerEmail', 'ada@example.com'],
      ['remoteAddress', '203.0.113.7'],
      ['someNewField', 'whatever it holds'],
      ['callbackURL', 'https://pay.example/callback/token'],
    ];
    expect(scrub(secrets)).toEqual({});
  });

  it('keeps what tells the cases apart, and no long number in it', () => {
    expect(
      scrub([
        ['action', 'SALE'],
        ['responseCode', '66314'],
        ['responseMessage', 'Invalid card 4929 4212 3460 0821'],
        ['xref', XREF],
        ['transactionUnique', 'att_1'],
      ]),
    ).toEqual({
      action: 'SALE',
      responseCode: '66314',
      responseMessage: 'Invalid card [number]',
      xref: XREF,
      transactionUnique: 'att_1',
    });
  });

  it('is what everything that is logged went through', async () => {
    const { processor, logged } = connect([new Error('boom')], { password: 'open sesame' });
    const asked = asking({ billing: { ...NOBODY, name: 'Ada' } });
    await expect(processor.authorize(asked)).rejects.toBeInstanceOf(NoAnswer);
    const text = JSON.stringify(logged);
    for (const secret of ['open sesame', 'Ada', SECRET, 'callback'])
      expect(text).not.toContain(secret);
    expect(text).toContain(asked.reference);
  });
});

const NOBODY = {
  name: null,
  email: null,
  phone: null,
  line1: null,
  line2: null,
  city: null,
  state: null,
  postal_code: null,
  country: null,
};
