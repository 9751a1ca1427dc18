/**
 * The load generator: HTTP/1.1 on raw sockets, in a process of its own that shares the machine's
 * cores with what it measures, so it must cost little. `loads.ts` starts it and reads its report.
 *
 * Closed loop: every client sends its next request when the last one is answered, which finds the
 * throughput. Open loop: requests fall due at a constant rate whether or not the server keeps up, and
 * latency counts from the moment one was due, so that a stall is paid for by all that it delayed.
 */
import { connect, type Socket } from 'node:net';

export interface Plan {
  readonly port: number;
  readonly authorization: string;
  readonly method: 'GET' | 'POST';
  /** Taken in turn. */
  readonly paths: readonly string[];
  /** A form. `{n}` in it becomes another number for each request. */
  readonly body?: string;
  /** What `{id}` in the body becomes, in turn. */
  readonly ids?: readonly string[];
  /** Whether each request carries an Idempotency-Key of its own. */
  readonly isIdempotent?: boolean;
  /** Connections; in an open loop the most there may be. */
  readonly clients: number;
  readonly seconds: number;
  /** Requests a second of an open loop; without it the loop is closed. */
  readonly rate?: number;
}

/** A 2xx. Times are in milliseconds of the unix epoch, with fractions. */
export interface Acknowledged {
  readonly id: string;
  readonly sentAt: number;
  readonly answeredAt: number;
}

export interface LoadReport {
  readonly answered: number;
  /** Answers other than 2xx, the first of them, and requests whose connection broke. */
  readonly refused: number;
  readonly firstRefusal: string | null;
  readonly seconds: number;
  /** In milliseconds, in ascending order. */
  readonly latencies: readonly number[];
  readonly cpuSeconds: number;
  /** What was written, by the first id in each answer. Empty for reads. */
  readonly acknowledged: readonly Acknowledged[];
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Milliseconds since the epoch, finer than Date.now() and comparable between processes. */
const now = (): number => performance.timeOrigin + performance.now();

/** One kept connection, with one request under way at a time. */
class Client {
  private readonly socket: Socket;
  private received: Buffer[] = [];
  private answer: ((reply: Reply) => void) | null = null;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk) => this.take(chunk));
    const broken = (): void => this.finish({ status: 0, body: 'The connection was closed.' });
    this.socket.on('error', broken);
    this.socket.on('close', broken);
  }

  send(request: string): Promise<Reply> {
    return new Promise((resolve) => {
      this.answer = resolve;
      this.socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received.push(chunk);
    const bytes = this.received.length === 1 ? chunk : Buffer.concat(this.received);
    this.received = [bytes];
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = bytes.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      return this.finish({ status: 0, body: 'The answer does not tell its length.' });
    }
    if (bytes.length < end + 4 + Number(length)) return;
    this.received = [];
    this.finish({ status: Number(head.slice(9, 12)), body: bytes.toString('latin1', end + 4) });
  }

  private finish(reply: Reply): void {
    const { answer } = this;
    this.answer = null;
    answer?.(reply);
  }
}

/** Unique among all generators of a run: the process and a count. */
function requests(plan: Plan): () => string {
  const { method, paths, body, ids = [], authorization, isIdempotent = false } = plan;
  const run = `${process.pid}-${Date.now().toString(36)}`;
  const head = `Host: 127.0.0.1:${plan.port}\r\nAuthorization: ${authorization}\r\n`;
  let count = 0;
  return () => {
    count += 1;
    const form =
      body
        ?.replaceAll('{n}', `${run}-${count}`)
        .replaceAll('{id}', ids[count % ids.length] ?? '') ?? '';
    const key = isIdempotent ? `Idempotency-Key: ${run}-${count}\r\n` : '';
    const content =
      body === undefined
        ? ''
        : `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n`;
    return `${method} ${paths[count % paths.length]} HTTP/1.1\r\n${head}${key}${content}\r\n${form}`;
  };
}

/** Sends what the plan says, from this process. */
export async function load(plan: Plan): Promise<LoadReport> {
  const next = requests(plan);
  const latencies: number[] = [];
  const acknowledged: Acknowledged[] = [];
  let refused = 0;
  let firstRefusal: string | null = null;

  async function exchange(client: Client, dueAt: number): Promise<void> {
    const sentAt = now();
    const { status, body } = await client.send(next());
    const answeredAt = now();
    latencies.push(answeredAt - dueAt);
    if (status < 200 || status > 299) {
      refused += 1;
      firstRefusal ??= `${status} ${body.slice(0, 500)}`;
    } else if (plan.method === 'POST') {
      acknowledged.push({ id: /"id":"([^"]+)"/.exec(body)?.[1] ?? '', sentAt, answeredAt });
    }
  }

  const cpuBefore = process.cpuUsage();
  const began = now();
  await (plan.rate === undefined
    ? closedLoop(plan, exchange)
    : openLoop(plan, plan.rate, exchange));
  const cpu = process.cpuUsage(cpuBefore);
  return {
    answered: latencies.length - refused,
    refused,
    firstRefusal,
    seconds: (now() - began) / 1000,
    latencies: latencies.sort((a, b) => a - b),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    acknowledged,
  };
}

type Exchange = (client: Client, dueAt: number) => Promise<void>;

async function closedLoop({ port, clients, seconds }: Plan, exchange: Exchange): Promise<void> {
  const end = now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new Client(port);
      while (now() < end) await exchange(client, now());
      client.close();
    }),
  );
}

async function openLoop(plan: Plan, rate: number, exchange: Exchange): Promise<void> {
  const began = now();
  const total = Math.floor(rate * plan.seconds);
  const idle: Client[] = [];
  const late: number[] = [];
  let opened = 0;
  let due = 0;
  let ended = 0;
  await new Promise<void>((resolve) => {
    async function start(client: Client, dueAt: number): Promise<void> {
      await exchange(client, dueAt);
      ended += 1;
      if (ended === total) resolve();
      const waiting = late.shift();
      if (waiting === undefined) idle.push(client);
      else void start(client, waiting);
    }
    function fallDue(dueAt: number): void {
      const client = idle.pop() ?? (opened++ < plan.clients ? new Client(plan.port) : null);
      if (client === null) late.push(dueAt);
      else void start(client, dueAt);
    }
    const dueAt = (n: number): number => began + (n * 1000) / rate;
    function tick(): void {
      for (; due < total && dueAt(due) <= now(); due += 1) fallDue(dueAt(due));
      // Asleep until then: whoever wakes more often takes the processor from what is measured.
      if (due < total) setTimeout(tick, Math.ceil(dueAt(due) - now()));
    }
    tick();
  });
  for (const client of idle) client.close();
}

// Started by `loads.ts`: the plan comes as a message, and the report goes back as one.
if (process.send !== undefined && process.argv[2] === 'generate') {
  process.once('message', (plan: Plan) => {
    void load(plan).then((report) => process.send?.(report, () => process.disconnect()));
  });
}
