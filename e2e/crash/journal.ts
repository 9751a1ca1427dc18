/** What clients were told, on disk before they go on: what the server must never contradict. */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** One acknowledged answer. */
export interface Acknowledged {
  readonly key: string;
  /** Id of the object in the answer. */
  readonly id: string;
  /** Its status then; of a customer, its name. */
  readonly status: string;
  /** In pence; 0 for what has none. */
  readonly amount: number;
}

export interface Journal {
  /** How many were written. */
  readonly length: number;
  write(entry: Acknowledged): void;
  /** All entries, off the disk. */
  read(): Acknowledged[];
  close(): void;
}

export function openJournal(file: string): Journal {
  const descriptor = openSync(file, 'a');
  let length = 0;
  return {
    get length() {
      return length;
    },
    write(entry) {
      writeSync(descriptor, `${JSON.stringify(entry)}\n`);
      fsyncSync(descriptor);
      length += 1;
    },
    read: () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Acknowledged),
    close: () => closeSync(descriptor),
  };
}
