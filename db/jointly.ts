/**
 * Transactions of one tenant that are begun at about the same moment share one: one commit, one
 * flush of the log, and one statement where each would have sent the same. Under load that is most
 * of what a transaction costs.
 *
 * None of them notices. What one changes waits until all are done, so no other sees it. A row that
 * one has locked is no other's: whoever comes to it too, or does what cannot wait or cannot be
 * shared, leaves, and runs again in a transaction of its own, which waits for this one as it would
 * for any. Where one throws, its changes are forgotten and the others go on. Where the database
 * refuses anything, nothing has happened, and each runs again alone and gets its own answer.
 *
 * So work that is given here may run twice, the first time without effect.
 */
import { changes, sendTogether, type Changes, type Concerned } from './changes';
import { database, type Pool } from './client';
import { converse, isUndone, type Conversation } from './conversation';
import { gathering } from './gather';
import { recollect, type Memory } from './memory';
import {
  heldFrom,
  nothingHeld,
  prelude,
  readingOf,
  transact,
  type Tenant,
  type Writer,
} from './scope';
import { together } from './together';

type Work = (writer: Writer) => Promise<unknown>;

export type Transact = <T>(work: (writer: Writer) => Promise<T>, memory?: Memory) => Promise<T>;

interface Waiting {
  readonly work: Work;
  readonly memory: Memory | undefined;
  readonly resolve: (answer: never) => void;
  readonly reject: (reason: unknown) => void;
}

const LIMITS = { atOnce: 3, most: 16 };

/**
 * A lock that is not had in this time is waited for apart, so that one that waits for somebody else
 * does not make the others wait as long.
 */
const LOCK_TIMEOUT_MS = 100;

/** Transactions for every tenant, over one pool. */
export function joiners(pool: Pool): (tenant: Tenant) => Transact {
  const gather = gathering<Waiting>((tenant, batch) => carry(pool, tenant, batch), LIMITS);
  return (tenant) => (work, memory) =>
    new Promise((resolve, reject) => gather(tenant, { work, memory, resolve, reject }));
}

/** How the part of one in a shared transaction ended. */
type End =
  | { readonly kind: 'done'; readonly answer: unknown; readonly pending: Changes }
  | { readonly kind: 'thrown'; readonly reason: unknown }
  | { readonly kind: 'left' };

async function carry(pool: Pool, tenant: Tenant, batch: readonly Waiting[]): Promise<void> {
  const alone = ({ work, memory, resolve, reject }: Waiting): Promise<void> =>
    transact(pool, tenant, work, memory).then(resolve as (answer: unknown) => void, reject);
  const [first, ...others] = batch;
  if (first !== undefined && others.length === 0) return alone(first);
  try {
    const ends = await inOne(pool, tenant, batch);
    const left = batch.filter((_, index) => ends[index]?.kind === 'left');
    batch.forEach(({ resolve, reject }, index) => {
      const end = ends[index];
      if (end?.kind === 'done') resolve(end.answer as never);
      if (end?.kind === 'thrown') reject(end.reason);
    });
    await Promise.all(left.map(alone));
  } catch (error) {
    if (isUndone(error)) await Promise.all(batch.map(alone));
    else for (const { reject } of batch) reject(error);
  }
}

async function inOne(pool: Pool, tenant: Tenant, batch: readonly Waiting[]): Promise<End[]> {
  const connection = await pool.reserve();
  try {
    const opening = `${prelude(tenant)};set local lock_timeout=${LOCK_TIMEOUT_MS}`;
    return await converse(connection, opening, async (conversation) => {
      const table = seat(conversation);
      const ends = await Promise.all(batch.map(table));
      sendTogether(
        ends.flatMap((end) => (end.kind === 'done' ? [end.pending] : [])),
        conversation.tell,
      );
      return ends;
    });
  } finally {
    connection.release();
  }
}

class Left extends Error {}

/** Who takes part in a conversation, and which rows are whose. */
function seat({ ask, tell, identify }: Conversation): (one: Waiting) => Promise<End> {
  const askEach = together(({ text }, keys) => ask(text, [keys]));
  const owners = new Map<string, Work>();

  return async ({ work, memory }) => {
    let hasLeft = false;
    let isOver = false;
    const leave = (): never => {
      hasLeft = true;
      throw new Left('This work goes on in a transaction of its own.');
    };
    const pending = changes(leave);
    const held = memory === undefined ? nothingHeld() : heldFrom(memory);
    const mayRead = (reading: Concerned | null): void => {
      if (isOver) throw new Error('The transaction is over: nothing more can be asked in it.');
      if (reading === null || pending.concern(reading)) leave();
    };
    const own = (table: string, id: string): void => {
      const key = `${table}/${id}`;
      const owner = owners.get(key);
      if (owner !== undefined && owner !== work) leave();
      owners.set(key, work);
    };
    const past = memory === undefined ? null : await recollect(memory, tell);
    const lookUp: Writer['lookUp'] = async (text, params) => {
      const { tables, locks } = readingOf(text);
      mayRead(locks || tables === undefined ? null : { tables });
      past?.makeSure();
      return ask(text, params);
    };
    const writer: Writer = {
      db: database({ rows: lookUp }),
      lookUp,
      async lookUpEach(question, key) {
        const { table, locks } = question;
        mayRead({ ...question, tables: [table] });
        past?.makeSure();
        const rows = await askEach(question, key);
        if (locks !== undefined) for (const row of rows) own(table, String(row[locks]));
        return rows;
      },
      held,
      changes: pending,
      write: leave,
      objects: async () => leave(),
      remember: () => ({ held, transaction: identify() }),
      recall(table, id) {
        const row = past?.recall(table, id);
        if (row !== undefined) own(table, id);
        return row;
      },
    };
    try {
      const answer = await work(writer);
      past?.makeSure();
      return hasLeft ? { kind: 'left' } : { kind: 'done', answer, pending };
    } catch (reason) {
      return hasLeft ? { kind: 'left' } : { kind: 'thrown', reason };
    } finally {
      isOver = true;
      pending.close();
    }
  };
}
