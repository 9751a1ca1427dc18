/** Operations as the dashboard calls them: what a member changes is written into the audit log. */
import { record } from '@/server/audit_log';
import type { Tx } from '@/server/kernel/context';
import { Awaiting, type Operation } from '@/server/kernel/operation';
import { censor } from '@/server/log';
import { endpoints, type Endpoint } from './endpoints';

/** How each resource answers one object by its id. */
const RETRIEVES = new Map(
  endpoints
    .filter(({ name }) => name === 'retrieve')
    .map(({ resource, operation }) => [resource, operation]),
);

type Input = Readonly<Record<string, unknown>>;
type Recorder = (tx: Tx, input: Input, before: object | null, answer: object | null) => void;

/**
 * The same operation, with an entry in its own transaction. What asks the processor is entered when
 * it is asked, since what comes of it is in the events.
 */
export function audited(endpoint: Endpoint): Operation {
  const { operation } = endpoint;
  const enter = recorderFor(endpoint);
  switch (operation.kind) {
    case 'query':
      return operation;
    case 'command':
      if (operation.rehearses === true) return operation;
      return {
        ...operation,
        async run(tx: Tx, input: unknown) {
          const before = await stateBefore(endpoint, tx, input as Input);
          const answer = await operation.run(tx, input);
          enter(tx, input as Input, before, answer);
          return answer;
        },
      };
    case 'exchange':
      return {
        ...operation,
        async intend(tx, input) {
          const before = await stateBefore(endpoint, tx, input as Input);
          const answer = await operation.intend(tx, input);
          enter(tx, input as Input, before, answer instanceof Awaiting ? before : answer);
          return answer;
        },
      };
  }
}

const recorderFor =
  ({ resource, name }: Endpoint): Recorder =>
  (tx, input, before, answer) => {
    if (tx.actor === null) return;
    const { id, deleted } = (answer ?? {}) as { id?: unknown; deleted?: unknown };
    const object = id ?? input['id'];
    record(
      tx,
      { actor: tx.actor, now: tx.now, request: tx.request },
      {
        action: `${resource}.${name}`,
        object: typeof object === 'string' ? object : null,
        mode: tx.livemode ? 'live' : 'test',
        before: censored(before),
        after: deleted === true ? null : censored(answer),
      },
    );
  };

const censored = (object: object | null): object | null =>
  object === null ? null : (censor(object) as object);

/** The object that the operation is about to change, where its address is below the object's own. */
async function stateBefore(
  { resource, path }: Endpoint,
  tx: Tx,
  { id }: Input,
): Promise<object | null> {
  const retrieve = RETRIEVES.get(resource);
  const home = retrieve?.route.split(' ')[1];
  if (retrieve?.kind !== 'query' || home === undefined || id === undefined) return null;
  const isBelow = path === home || path.startsWith(`${home}/`);
  return isBelow ? retrieve.run(tx, { id }) : null;
}
