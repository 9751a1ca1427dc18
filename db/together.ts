/**
 * Look-ups that are asked for at the same moment, asked as one. Work on many rows at once goes step
 * by step side by side, so what would be a statement for each row is one for all of them.
 */
import type { Question } from './scope';

interface Waiting {
  readonly resolve: (rows: unknown[][]) => void;
  readonly reject: (reason: unknown) => void;
}

type Ask = (question: Question, keys: readonly string[]) => Promise<unknown[][]>;

/** A look-up of one key, over one of any number. Rows come in the order in which `ask` has them. */
export function together(ask: Ask): (question: Question, key: string) => Promise<unknown[][]> {
  const gathered = new Map<Question, Map<string, Waiting[]>>();

  async function dispatch(question: Question): Promise<void> {
    const waiting = gathered.get(question);
    if (waiting === undefined) return;
    gathered.delete(question);
    // In one order, whoever asks: two transactions that lock the same rows do not lock each other.
    const keys = [...waiting.keys()].toSorted();
    const everybody = [...waiting.values()].flat();
    let rows: unknown[][];
    try {
      rows = await ask(question, keys);
    } catch (reason) {
      for (const { reject } of everybody) reject(reason);
      return;
    }
    const byKey = new Map<unknown, unknown[][]>(keys.map((key) => [key, []]));
    for (const row of rows) byKey.get(String(row[question.column]))?.push(row);
    for (const [key, all] of waiting) {
      for (const { resolve } of all) resolve(byKey.get(key) ?? []);
    }
  }

  return (question, key) =>
    new Promise((resolve, reject) => {
      let waiting = gathered.get(question);
      if (waiting === undefined) {
        gathered.set(question, (waiting = new Map()));
        // When everything that can go on now has gone on, and asked what it wants to know.
        queueMicrotask(() => process.nextTick(() => void dispatch(question)));
      }
      const others = waiting.get(key);
      if (others === undefined) waiting.set(key, [{ resolve, reject }]);
      else others.push({ resolve, reject });
    });
}
