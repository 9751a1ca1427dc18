/**
 * What a function may do is in the type of its first argument: a `Scope` reads, a `Tx` writes, a
 * `Ctx` may reach the network and open a transaction. A `Tx` has no processor and no way to open
 * another transaction, so charging a card while rows are locked does not compile.
 */
import type { Memory } from '@/db/memory';
import type { PeopleWriter } from '@/db/people';
import type { Reader, Writer } from '@/db/scope';
import type { Processor } from '@/server/processor/processor';
import type { ApiObject, EventName } from './object';
import type { Keyring } from './secrets';

/** Whose data, which mode, what time it is, and who asked. Enough to read. */
export interface Scope extends Reader, Caller {}

/** What a restricted key may do with a resource. `write` includes `read`. */
export type Right = 'none' | 'read' | 'write';

export interface Caller {
  readonly projectId: number;
  readonly livemode: boolean;
  /** The time, for every rule: no rule reads the clock itself. */
  readonly now: Date;
  /** The time in the world, where `now` may be that of a test clock: processors live by it. */
  readonly wallClock: Date;
  /** A browser holds a publishable key, and sees only what it has the client secret of. */
  readonly publishable: boolean;
  /** Resource to right, of a restricted key; what is not named is `none`. Null may do everything. */
  readonly rights: Readonly<Record<string, Right>> | null;
  /** Who does this in the dashboard; null for a key, and for work that became due. */
  readonly actor: Actor | null;
  /** The API request this is done for; null for work that became due. */
  readonly request: RequestIdentity | null;
  /** For what is stored encrypted. */
  readonly keyring: Keyring;
  /** Where this server is, as browsers see it: `https://pay.example.com`. */
  readonly origin: string;
}

/** A person who is signed in. */
export interface Actor {
  /** The user's id. */
  readonly user: string;
  readonly email: string;
}

export interface RequestIdentity {
  readonly id: string;
  readonly idempotency_key: string | null;
  readonly ip: string | null;
}

/** Inside a transaction. May write and announce; cannot reach the network. */
export interface Tx extends Writer, Caller {
  /**
   * Records that something happened, as an event, and lets what follows from it follow, in this
   * transaction. `previous` is the object before a change: what differs becomes the event's
   * `previous_attributes`.
   */
  announce(type: EventName, object: ApiObject, previous?: ApiObject): Promise<void>;
}

/** Outside a transaction. May call the processor, and may open a transaction. */
export interface Ctx extends Caller {
  /** The processor that an account of this project and mode is kept at; of null, the simulator. */
  processor(account: string | null): Promise<Processor>;
  /**
   * Commits when `work` resolves. It may run twice, the first time without effect: `db/jointly.ts`. It
   * goes on from what an earlier transaction remembers, where that is given: `db/memory.ts`.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, memory?: Memory): Promise<T>;
}

/** Somebody at the door, of whom it is not yet known, or does not matter, in which project they are. */
export interface Visit {
  readonly now: Date;
  readonly userAgent: string | null;
  readonly request: RequestIdentity;
  readonly keyring: Keyring;
}

/** Inside a transaction of the tables of people. Reaches no tenant that it has not entered. */
export interface People extends PeopleWriter, Visit {}

/** Outside a transaction. May take its time, as a password hash does, and may open a transaction. */
export interface Visitor extends Visit {
  people<T>(work: (people: People) => Promise<T>): Promise<T>;
}
