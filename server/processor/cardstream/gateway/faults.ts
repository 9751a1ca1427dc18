/**
 * What goes wrong on demand: on the way in, on the way out, and with callbacks. A fault strikes by
 * chance, from a seed, or the next so many requests that it is aimed at.
 */
import { z } from 'zod';
import { seededRandom } from '../../simulator/faults';

/** Before: the gateway never acts. After: it has acted, and its answer does not arrive as it was. */
export const BEFORE = ['drop_before', 'hang_before', 'http_500_before', 'http_503_before'] as const;
export const AFTER = [
  'drop_after',
  'hang_after',
  'http_500_after',
  'http_503_after',
  'torn',
  'truncated',
  'garbage',
  'empty',
  'wrong_signature',
  'unsigned',
] as const;
export const ON_CALLBACKS = [
  'callback_dropped',
  'callback_doubled',
  'callback_delayed',
  'callback_wrong_signature',
] as const;

export type AnswerFault = (typeof BEFORE)[number] | (typeof AFTER)[number];
export type CallbackFault = (typeof ON_CALLBACKS)[number];

const Fault = z
  .strictObject({
    fault: z.enum([...BEFORE, ...AFTER, ...ON_CALLBACKS]),
    /** The share of requests that it strikes, 0 to 1. */
    probability: z.number().min(0).max(1).optional(),
    /** Or so many of them, beginning with the next. */
    next: z.int().min(1).optional(),
    /** Only requests with one of these actions; a step of 3-D Secure is `CONTINUE`. */
    actions: z.array(z.string()).optional(),
    /** Only requests with this `transactionUnique`. */
    reference: z.string().optional(),
    /** Of `callback_delayed`, in milliseconds. */
    delay_ms: z.int().min(0).max(600_000).optional(),
  })
  .refine(
    ({ probability, next }) => (probability === undefined) !== (next === undefined),
    'needs either probability or next',
  );

export const Delay = z.strictObject({
  /** Half of all answers take longer, in milliseconds. */
  median_ms: z.number().min(0).max(600_000),
  /** How much they differ: the deviation of the logarithm. 0: they all take as long. */
  sigma: z.number().min(0).max(3).default(0),
});

export const FaultPlan = z.strictObject({
  seed: z.int().default(1),
  faults: z.array(Fault).default([]),
  delay: Delay.nullable().optional(),
});

export type FaultPlan = z.output<typeof FaultPlan>;
export type Delay = z.output<typeof Delay>;
type Fault = z.output<typeof Fault>;

/** What a request is aimed at by. */
export interface Target {
  readonly action: string;
  readonly reference: string | null;
}

export interface Fate {
  /** Milliseconds that the answer takes. */
  readonly delayMs: number;
  readonly answer: AnswerFault | null;
  readonly callbacks: readonly { readonly fault: CallbackFault; readonly delayMs: number }[];
}

export interface Faults {
  /** Decides about one request. At most one fault strikes its answer: the first that is drawn. */
  draw(target: Target): Fate;
  /** From now on so. Where `delay` is not said it stays as it is. */
  plan(plan: FaultPlan): void;
  /** What is left of the plan, and what has struck since it was made. */
  report(): { readonly plan: FaultPlan; readonly struck: Readonly<Record<string, number>> };
}

export function newFaults(delay: Delay | null): Faults {
  let random = seededRandom(1);
  let current: FaultPlan = { seed: 1, faults: [], delay };
  let left: (Fault & { next?: number | undefined })[] = [];
  let struck: Record<string, number> = {};

  /** Chance is drawn for each, whatever else strikes: one fault more changes no other's course. */
  const strikes = (fault: Fault, target: Target): boolean => {
    if (fault.actions?.includes(target.action) === false) return false;
    if (fault.reference !== undefined && fault.reference !== target.reference) return false;
    if (fault.probability !== undefined) return random() < fault.probability;
    return fault.next !== undefined && fault.next > 0;
  };
  const count = (fault: Fault): void => {
    struck[fault.fault] = (struck[fault.fault] ?? 0) + 1;
    if (fault.next !== undefined) {
      left = left.map((one) => (one === fault ? { ...one, next: (one.next ?? 0) - 1 } : one));
    }
  };
  const isOnCallbacks = ({ fault }: Fault): boolean =>
    (ON_CALLBACKS as readonly string[]).includes(fault);

  return {
    draw(target) {
      const delayMs = current.delay == null ? 0 : lognormal(current.delay, random);
      if (left.length === 0) return { delayMs, answer: null, callbacks: [] };
      const drawn = left.filter((fault) => strikes(fault, target));
      const onCallbacks = drawn.filter(isOnCallbacks);
      const first = drawn.find((fault) => !isOnCallbacks(fault));
      for (const fault of first === undefined ? onCallbacks : [first, ...onCallbacks]) count(fault);
      return {
        delayMs,
        answer: (first?.fault as AnswerFault | undefined) ?? null,
        callbacks: onCallbacks.map(({ fault, delay_ms = 1_000 }) => ({
          fault: fault as CallbackFault,
          delayMs: delay_ms,
        })),
      };
    },
    plan(plan) {
      random = seededRandom(plan.seed);
      current = { ...plan, delay: plan.delay === undefined ? current.delay : plan.delay };
      left = [...plan.faults];
      struck = {};
    },
    report: () => ({ plan: { ...current, faults: left }, struck }),
  };
}

/** A sum of many small causes multiplied, as waiting times are: Box and Muller's normal deviate. */
function lognormal({ median_ms, sigma }: Delay, random: () => number): number {
  if (sigma === 0) return median_ms;
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median_ms * Math.exp(sigma * normal);
}
