/**
 * What is said on a connection between `begin` and `commit`. Statements are pipelined: nothing
 * waits for an answer but what needs it.
 */
import { isRefusal, type Connection } from './loans';

export interface Conversation {
  /** Sends a statement without waiting for it. A refusal surfaces at the end. */
  tell(text: string, params: readonly unknown[]): void;
  /** The rows of a statement, each as an array of its columns. */
  ask(text: string, params: readonly unknown[]): Promise<unknown[][]>;
  /** As `ask`, for statements that no table's columns describe. */
  askObjects<Row>(text: string, params: readonly unknown[]): Promise<Row[]>;
  /** The id of the transaction, as its rows have it in `xmin`. It is known once it has committed. */
  identify(): Promise<string>;
}

const COMMIT = 'commit';
const IDENTIFY_AND_COMMIT = `select pg_current_xact_id()::xid::text as id;${COMMIT}`;

/** PostgreSQL made a rollback of a commit, and says so without an error. */
class RolledBack extends Error {}

/**
 * Whether nothing of a transaction that ended with this error has happened, beyond doubt. Where a
 * connection was lost, nobody knows.
 */
export const isUndone = (error: unknown): boolean =>
  error instanceof RolledBack || isRefusal(error);

/** Prepared, also where there are no parameters, which the driver would send as plain text. */
const PREPARED = { prepare: true, simple: false };

export const send = (connection: Connection, text: string, params: readonly unknown[]) =>
  connection.unsafe(text, params as never[], PREPARED).execute();

/**
 * Runs `work` in the transaction that `opening` begins. It commits when `work` resolves.
 *
 * @throws what `work` threw, or the first that the database refused.
 */
export async function converse<T>(
  connection: Connection,
  opening: string,
  work: (conversation: Conversation) => Promise<T>,
): Promise<T> {
  let failure: unknown;
  const sent: Promise<unknown>[] = [];
  // The first failure is the cause: those behind it only say that the transaction is aborted.
  const track = (statement: PromiseLike<unknown>): void => {
    sent.push(
      Promise.resolve(statement).catch((error: unknown) => {
        failure ??= error;
      }),
    );
  };
  const awaited = async <Answer>(statement: () => PromiseLike<Answer>): Promise<Answer> => {
    try {
      return await statement();
    } catch (error) {
      failure ??= error;
      throw failure;
    }
  };

  const identified: ((id: string) => void)[] = [];
  track(connection.unsafe(opening).execute());
  let answer: T;
  try {
    answer = await work({
      tell: (text, params) => track(send(connection, text, params)),
      ask: (text, params) => awaited(() => send(connection, text, params).values()),
      askObjects: async <Row>(text: string, params: readonly unknown[]) => [
        ...((await awaited(() => send(connection, text, params))) as unknown as Row[]),
      ],
      identify: () => new Promise((resolve) => void identified.push(resolve)),
    });
  } catch (error) {
    await rollBack(connection);
    await Promise.all(sent);
    throw failure ?? error;
  }
  const isIdentified = identified.length > 0;
  const commit = connection.unsafe(isIdentified ? IDENTIFY_AND_COMMIT : COMMIT).execute();
  let uncommitted: unknown;
  const [ending] = await Promise.all([
    commit.catch((error: unknown) => void (uncommitted = error)),
    ...sent,
  ]);
  failure ??= uncommitted;
  if (failure !== undefined) {
    // What is asked of a transaction that failed is refused, and what follows in its message not done.
    if (isIdentified) await rollBack(connection);
    throw failure;
  }
  if (ending?.command !== 'COMMIT') throw new RolledBack('The transaction was rolled back.');
  // Rows and the command that came last: the driver makes one result of both statements.
  for (const resolve of identified) resolve(String(ending[0]?.['id']));
  return answer;
}

/** Where the connection is lost, the server has rolled back already. */
async function rollBack(connection: Connection): Promise<void> {
  try {
    await connection.unsafe('rollback');
  } catch {
    // What made it roll back is the news, and is thrown.
  }
}
