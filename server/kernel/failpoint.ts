/**
 * Named places where tests make the process die or pause, to prove that death at that line loses
 * nothing. Without a plan, which production never has, a failpoint does nothing.
 */
import { writeSync } from 'node:fs';

export type FailpointAction = 'exit' | 'hang';

let plan: ReadonlyMap<string, { action: FailpointAction; chance: number }> = new Map();

/** Reads a plan such as `exchange.intended=exit:0.1,settle.answered=exit`. */
export function planFailpoints(spec: string, random: () => number): void {
  chance = random;
  plan = new Map(
    spec
      .split(',')
      .filter((entry) => entry !== '')
      .map((entry) => {
        const [name = '', what = ''] = entry.split('=');
        const [action, probability] = what.split(':');
        if (action !== 'exit' && action !== 'hang') {
          throw new Error(`Failpoint ${entry}: the action is exit or hang.`);
        }
        return [name, { action, chance: probability === undefined ? 1 : Number(probability) }];
      }),
  );
}

let chance: () => number = () => 1;

export async function failpoint(name: string): Promise<void> {
  const planned = plan.get(name);
  if (planned === undefined || chance() >= planned.chance) return;
  switch (planned.action) {
    case 'exit':
      // Written at once, for whoever counts the deaths.
      writeSync(2, `calmony: died at failpoint ${name}\n`);
      // As SIGKILL would: no handler runs, nothing is flushed.
      return process.kill(process.pid, 'SIGKILL') ? new Promise(() => undefined) : undefined;
    case 'hang':
      return new Promise(() => undefined);
  }
}
