/**
 * Lends connections, each to one transaction at a time.
 *
 * postgres.js would reconnect under a transaction's feet: what follows a lost connection then runs
 * on a new one, outside the transaction, or writes to a socket that is gone and takes the process
 * with it; and a `reserve()` that failed keeps its place in the queue and swallows a connection
 * when the server is back. So each connection here is a client of its own, reserved for good, and
 * thrown away when it breaks; and a loan that is over, or whose connection is lost, sends nothing.
 */
import postgres from 'postgres';

/** What a transaction may do with the connection it was lent. */
export type Connection = Pick<postgres.ReservedSql<{ bigint: number }>, 'unsafe' | 'release'>;

/** Makes a client with one connection, which calls `onclose` when it is lost. */
export type NewClient = (onclose: () => void) => postgres.Sql<{ bigint: number }>;

export interface Loans {
  /** The next free connection. Rejects when none can be made. */
  lend(): Promise<Connection>;
  /** Waits for what is lent, `timeout` seconds at most, and closes everything. */
  end(options?: { timeout?: number | undefined }): Promise<void>;
}

/** A connection that is open and reserved. */
interface Line {
  readonly unsafe: Connection['unsafe'];
  /** Why nothing more can be sent, once that is so. */
  lost: Error | null;
  /** Statements without an answer yet. */
  readonly pending: Set<Refusable>;
  /** Gives it up. Does not wait for the server to notice. */
  close(): void;
}

/** A statement of the driver: what it does not reject itself, one may. */
interface Refusable {
  reject(reason: Error): void;
}

const CONNECT_DEADLINE_MS = 5_000;

export function loans(newClient: NewClient, max: number): Loans {
  const idle: Line[] = [];
  const waiting: { start: () => void; refuse: (reason: Error) => void }[] = [];
  let taken = 0;
  let ended = false;
  let returned: () => void = () => undefined;

  /** A place among `max`, in the order of asking. */
  const admission = (): Promise<void> => {
    if (taken < max) {
      taken += 1;
      return Promise.resolve();
    }
    return new Promise((start, refuse) => waiting.push({ start, refuse }));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next !== undefined) return next.start();
    taken -= 1;
    if (taken === 0) returned();
  };
  const giveBack = (line: Line): void => {
    if (ended || line.lost !== null) line.close();
    else idle.push(line);
    leave();
  };
  const takeIdle = (): Line | undefined => {
    for (let line = idle.pop(); line !== undefined; line = idle.pop()) {
      if (line.lost === null) return line;
      line.close();
    }
    return undefined;
  };

  return {
    async lend() {
      if (ended) throw new Error('The pool has ended.');
      await admission();
      try {
        const line = takeIdle() ?? (await open(newClient));
        return loan(line, () => giveBack(line));
      } catch (error) {
        leave();
        throw error;
      }
    },
    async end({ timeout = 0 } = {}) {
      ended = true;
      for (const { refuse } of waiting.splice(0)) refuse(new Error('The pool has ended.'));
      if (taken > 0) {
        await new Promise<void>((resolve) => {
          const late = setTimeout(resolve, timeout * 1000);
          returned = () => {
            clearTimeout(late);
            resolve();
          };
        });
      }
      for (const line of idle.splice(0)) line.close();
    },
  };
}

/** One transaction's hold on a line. */
function loan(line: Line, giveBack: () => void): Connection {
  let isOver = false;
  const unsafe: Connection['unsafe'] = (text, params = [], options) => {
    // Somebody went on after the transaction, such as the other half of a failed Promise.all.
    if (isOver) throw new Error('The transaction is over: it can send nothing more.');
    if (line.lost !== null) throw line.lost;
    // The driver would reject the statement under way in its place, and wait for ever.
    if (params.includes(undefined as never)) throw new TypeError(`Undefined value for ${text}`);
    const query = line.unsafe(text, params, options);
    const refusable = query as unknown as Refusable;
    line.pending.add(refusable);
    query.then(
      () => line.pending.delete(refusable),
      (error: unknown) => {
        line.pending.delete(refusable);
        if (!isRefusal(error)) line.lost ??= error as Error;
      },
    );
    return query as never;
  };
  return {
    unsafe,
    release() {
      if (isOver) return;
      isOver = true;
      giveBack();
    },
  };
}

/** Whether the server refused one statement; anything else means that the connection is of no use. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && !['FATAL', 'PANIC'].includes(error.severity);

async function open(newClient: NewClient): Promise<Line> {
  let line: Line | null = null;
  const client = newClient(() => {
    if (line === null) return;
    line.lost ??= new Error('The connection to the database was lost.');
    // The driver rejects what it has sent, and forgets what it had not yet.
    for (const query of line.pending) query.reject(line.lost);
  });
  const close = (): void => void client.end({ timeout: 0 }).catch(() => undefined);
  let late: NodeJS.Timeout | undefined;
  try {
    // A statement that fails to connect is done with; a reservation would try again for ever.
    await Promise.race([
      client`select 1`,
      new Promise<never>((_resolve, reject) => {
        late = setTimeout(
          () => reject(new Error('The database cannot be reached.')),
          CONNECT_DEADLINE_MS,
        );
      }),
    ]);
    const reserved = await client.reserve();
    line = {
      unsafe: reserved.unsafe,
      lost: null,
      pending: new Set(),
      close() {
        reserved.release();
        close();
      },
    };
    return line;
  } catch (error) {
    close();
    throw error;
  } finally {
    clearTimeout(late);
  }
}
