/**
 * A form on its way to a gateway, and what comes back. `fetch` would do, but takes four times as long
 * over it, which was a tenth of what we add to a payment.
 */
import http from 'node:http';
import https from 'node:https';
import { NoAnswer } from '../processor';

export interface Posted {
  readonly status: number;
  readonly body: string;
}

/** @throws whatever keeps the whole answer from being there before the deadline, in milliseconds. */
export type Post = (url: string, form: string, deadlineMs: number) => Promise<Posted>;

/** Of an answer, which has some 80 fields. */
const BYTES_MAX = 256 * 1024;

/**
 * Connections are kept for the next request, but given up before a usual web server does so after
 * five seconds: a request that meets it doing that would be lost.
 */
const KEPT = { keepAlive: true, timeout: 4_000 };

const plain = { send: http.request, agent: new http.Agent(KEPT) };
const secure = { send: https.request, agent: new https.Agent(KEPT) };

/** Goes to where the address says and nowhere else: a redirection is an answer. */
export const post: Post = (url, form, deadlineMs) => {
  const { send, agent } = url.startsWith('https:') ? secure : plain;
  const body = Buffer.from(form);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': body.length,
  };
  return new Promise((resolve, reject) => {
    let isWhole = false;
    const request = send(url, { method: 'POST', agent, headers });
    const giveUp = (reason: Error): void => {
      reject(reason);
      request.destroy();
    };
    const late = setTimeout(() => giveUp(new Late()), deadlineMs);
    request.once('close', () => {
      clearTimeout(late);
      if (isWhole) return;
      reject(new NoAnswer('The connection was closed before the answer was whole.'));
    });
    request.on('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > BYTES_MAX) giveUp(new NoAnswer('The answer is too long.'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.once('end', () => {
        const status = response.statusCode ?? 0;
        isWhole = response.complete;
        if (isWhole) resolve({ status, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.end(body);
  });
};

/** The answer was not there, whole, before the deadline. */
export class Late extends Error {
  override readonly name = 'TimeoutError';
  override readonly message = 'There was no whole answer in time.';
}
