/** Runs the load generator in a process of its own, and refuses runs that prove nothing. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadReport, Plan } from './load';

/** What `load.ts` reports for the plan. Throws when a single request was refused. */
export async function generate(plan: Plan): Promise<LoadReport> {
  const child = fork(fileURLToPath(new URL('load.ts', import.meta.url)), ['generate'], {
    serialization: 'advanced',
  });
  const report = await new Promise<LoadReport>((resolve, reject) => {
    child.once('message', (message) => resolve(message as LoadReport));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The load generator ended with code ${code}.`)));
    child.send(plan);
  });
  if (report.refused > 0) {
    throw new Error(
      `${report.refused} requests were refused, the first with: ${report.firstRefusal}`,
    );
  }
  return report;
}

export const perSecond = ({ answered, seconds }: LoadReport): number => answered / seconds;
