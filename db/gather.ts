/**
 * What a tenant asks for at about the same moment, in batches. While nothing is under way, whatever
 * comes is carried at once; under load it waits for its turn, and shares it with what came meanwhile.
 */
import type { Tenant } from './scope';

/** Carries a batch. It must see to each of its members itself, and does not reject. */
type Carry<Each> = (tenant: Tenant, batch: readonly Each[]) => Promise<void>;

interface Limits {
  /** Batches that a tenant may have under way before what comes has to wait. */
  readonly atOnce: number;
  /** The most in one batch. */
  readonly most: number;
}

interface Lane<Each> {
  waiting: Each[];
  underWay: number;
  isScheduled: boolean;
}

/** A batch that takes longer waits for something, in milliseconds: others do not wait with it. */
const LATE_MS = 100;

export function gathering<Each>(
  carry: Carry<Each>,
  { atOnce, most }: Limits,
): (tenant: Tenant, one: Each) => void {
  const lanes = new Map<string, Lane<Each>>();

  function schedule(tenant: Tenant, key: string, lane: Lane<Each>): void {
    if (lane.isScheduled || lane.underWay >= atOnce || lane.waiting.length === 0) return;
    lane.isScheduled = true;
    // After the events of this turn: what they ask for joins the same batch.
    setImmediate(() => {
      lane.isScheduled = false;
      const batch = lane.waiting.splice(0, most);
      lane.underWay += 1;
      const done = once(() => {
        lane.underWay -= 1;
        schedule(tenant, key, lane);
        const isIdle = lane.underWay === 0 && !lane.isScheduled;
        if (isIdle && lanes.get(key) === lane) lanes.delete(key);
      });
      const late = setTimeout(done, LATE_MS);
      void carry(tenant, batch).finally(() => {
        clearTimeout(late);
        done();
      });
      schedule(tenant, key, lane);
    });
  }

  return (tenant, one) => {
    const key = `${tenant.projectId}/${tenant.livemode}`;
    let lane = lanes.get(key);
    if (lane === undefined)
      lanes.set(key, (lane = { waiting: [], underWay: 0, isScheduled: false }));
    lane.waiting.push(one);
    schedule(tenant, key, lane);
  };
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}
