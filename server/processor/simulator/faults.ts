/**
 * What can go wrong between us and a processor, on demand: the request is lost, the answer is
 * lost, both are slow, or the process dies while the bank knows more than we do.
 *
 * Chance is a seeded generator and the plan an argument, so that a failing run can be repeated.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { NoAnswer, type Processor } from '../processor';

export type Verb = Exclude<keyof Processor, 'name'>;

export interface Fault {
  /** Milliseconds before the request reaches the bank. */
  readonly delay?: number;
  /** `before`: the request never arrives. `after`: the bank acts, and its answer never arrives. */
  readonly lose?: 'before' | 'after';
  /** Called once the bank has acted and before we hear of it: the place to die. */
  readonly between?: () => void | Promise<void>;
}

/** Asked at each call; undefined lets it pass. */
export type Faults = (verb: Verb) => Fault | undefined;

/** The same processor, over a line that fails as told. */
export function withFaults(processor: Processor, faults: Faults): Processor {
  const over = async <T>(verb: Verb, act: () => Promise<T>): Promise<T> => {
    const { delay = 0, lose, between } = faults(verb) ?? {};
    if (delay > 0) await sleep(delay);
    if (lose === 'before') throw new NoAnswer(`The request to ${verb} was lost.`);
    const answer = await act();
    await between?.();
    if (lose === 'after') throw new NoAnswer(`The answer to ${verb} was lost.`);
    return answer;
  };
  const { increment } = processor;
  return {
    name: processor.name,
    authorize: (request) => over('authorize', () => processor.authorize(request)),
    resume: (request) => over('resume', () => processor.resume(request)),
    capture: (request) => over('capture', () => processor.capture(request)),
    ...(increment === undefined
      ? {}
      : { increment: (request) => over('increment', () => increment(request)) }),
    cancel: (request) => over('cancel', () => processor.cancel(request)),
    refund: (request) => over('refund', () => processor.refund(request)),
    inquire: (inquiry) => over('inquire', () => processor.inquire(inquiry)),
  };
}

/** The listed faults, the first for the first call of that verb and so on; then none. */
export function faultsInTurn(plan: Partial<Record<Verb, readonly Fault[]>>): Faults {
  const calls = new Map<Verb, number>();
  return (verb) => {
    const call = calls.get(verb) ?? 0;
    calls.set(verb, call + 1);
    return plan[verb]?.[call];
  };
}

/**
 * Faults by chance, from text such as `lose_before:0.05,lose_after:0.05,delay:20`: the share of
 * calls (0 to 1) that lose their request or their answer, and the milliseconds by which each is
 * delayed. The same seed gives the same faults in the same order of calls.
 *
 * Throws an Error naming the part that is not understood.
 */
export function parseFaults(spec: string, seed: number): Faults {
  const { lose_before, lose_after, delay } = readSpec(spec);
  const random = seededRandom(seed);
  return () => {
    const roll = random();
    if (roll < lose_before) return { delay, lose: 'before' };
    if (roll < lose_before + lose_after) return { delay, lose: 'after' };
    return { delay };
  };
}

interface Spec {
  lose_before: number;
  lose_after: number;
  delay: number;
}

const DELAY_MAX_MS = 60_000;

function readSpec(text: string): Spec {
  const spec: Spec = { lose_before: 0, lose_after: 0, delay: 0 };
  for (const part of text.split(',').filter((part) => part.trim() !== '')) {
    const [name = '', value = ''] = part.split(':').map((word) => word.trim());
    if (!isSpecName(name, spec)) throw new Error(`Unknown fault: ${part.trim()}`);
    const most = name === 'delay' ? DELAY_MAX_MS : 1;
    if (!/^\d+(\.\d+)?$/.test(value) || Number(value) > most) {
      throw new Error(`A fault takes a number from 0 to ${most}: ${part.trim()}`);
    }
    spec[name] = Number(value);
  }
  if (spec.lose_before + spec.lose_after > 1) {
    throw new Error(`More than every call would be lost: ${text}`);
  }
  return spec;
}

const isSpecName = (name: string, spec: Spec): name is keyof Spec => Object.hasOwn(spec, name);

/** Numbers in [0, 1) that follow from the seed: mulberry32, by Tommy Ettinger (public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
