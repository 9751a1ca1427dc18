/** What processes cost, as the Linux kernel accounts for it. proc(5). */
import * as fs from 'node:fs/promises';

/** The kernel counts in hundredths of a second on every Linux of today (USER_HZ). */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly parent: number;
  /** Of the process itself, in ticks. */
  readonly own: number;
  /** Of children that ended and were waited for, in ticks. */
  readonly ended: number;
}

async function stat(pid: number): Promise<Stat | null> {
  const text = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The second field is the program's name in brackets, which may contain anything.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0] = fields;
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { parent, own: user + system, ended: endedUser + endedSystem };
}

/** CPU seconds of a process so far; 0 where there is no /proc. */
export const cpuSeconds = async (pid: number): Promise<number> =>
  ((await stat(pid))?.own ?? 0) / TICKS_PER_SECOND;

/** CPU seconds of a process and all its children so far, those included that have ended. */
export async function cpuSecondsOfFamily(pid: number): Promise<number> {
  const head = await stat(pid);
  if (head === null) return 0;
  let ticks = head.own + head.ended;
  for (const name of await fs.readdir('/proc')) {
    const child = /^\d+$/.test(name) ? await stat(Number(name)) : null;
    if (child?.parent === pid) ticks += child.own;
  }
  return ticks / TICKS_PER_SECOND;
}

export const parentOf = async (pid: number): Promise<number> => (await stat(pid))?.parent ?? 0;

/** Resident memory in MB (10^6 bytes); NaN where there is no /proc. */
export async function residentMegabytes(pid: number): Promise<number> {
  const text = await fs.readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
  return kibibytes === undefined ? Number.NaN : (Number(kibibytes) * 1024) / 1e6;
}
