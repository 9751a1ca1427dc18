/** The names that a gateway gives, in the shapes that were recorded of the real one. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';

/** Consonants and Y: nothing that spells a word. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXYZ';

const letters = (count: number): string =>
  Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('');

export const digits = (count: number): string =>
  Array.from({ length: count }, () => randomInt(10)).join('');

export const hex = (count: number): string =>
  randomBytes(Math.ceil(count / 2))
    .toString('hex')
    .slice(0, count);

export const uuid = (): string => randomUUID();

/** `YYMMDDHH`, two letters, minute, two letters, second, two letters, two digits, three letters. */
export function newXref(now: number): string {
  const [date = '', time = ''] = timestampOf(now).split(' ');
  const [hour = '', minute = '', second = ''] = time.split(':');
  const day = date.replaceAll('-', '').slice(2);
  return `${day}${hour}${letters(2)}${minute}${letters(2)}${second}${letters(2)}${digits(2)}${letters(3)}`;
}

/** Thirteen hexadecimal digits, the first eight of them the second. */
export const newRequestId = (now: number): string =>
  Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0') + hex(5);

/** Of the firewall in front. Like everything else it is signed. */
export const newWafRequestId = (now: number): string =>
  `${new Date(now).toISOString().slice(0, 19)}Z|${hex(10)}|127.0.0.1|${letters(11)}`;

/** An authentication value: 20 bytes, of Mastercard 24. */
export const newCavv = (scheme: string): string =>
  randomBytes(scheme === 'MC' ? 24 : 20).toString('base64');

const LONDON = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/London',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

let latest: readonly [second: number, text: string] = [Number.NaN, ''];

/** `YYYY-MM-DD HH:MM:SS`, by the clocks of London. */
export function timestampOf(now: number): string {
  const second = Math.floor(now / 1000);
  if (latest[0] !== second) {
    const part = new Map(LONDON.formatToParts(now).map(({ type, value }) => [type, value]));
    const [year, month, day] = ['year', 'month', 'day'].map((name) => part.get(name as 'year'));
    const [hour, minute, seconds] = ['hour', 'minute', 'second'].map((n) => part.get(n as 'hour'));
    latest = [second, `${year}-${month}-${day} ${hour}:${minute}:${seconds}`];
  }
  return latest[1];
}
