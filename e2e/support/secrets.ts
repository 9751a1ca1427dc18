/**
 * Looks for what must never be stored or logged, in everything that was: the rows of every table,
 * and what the server wrote.
 */
import postgres from 'postgres';
import { isLuhnValid } from '@/server/processor/simulator';

/** 13 to 19 digits, together or in groups of four. */
const DIGITS = /(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.])/g;

/** First digits and lengths of the networks' numbers (ISO/IEC 7812): a time or an id is none. */
const NETWORKS =
  /^(?:4\d{12}|4\d{15}|4\d{18}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}|3[0689]\d{12}|6\d{15,18})$/;

export const cardNumbersIn = (text: string): string[] =>
  [...text.matchAll(DIGITS)]
    .map(([run]) => run.replace(/\D/g, ''))
    .filter((digits) => NETWORKS.test(digits) && isLuhnValid(digits));

export interface Secrets {
  /** By what they are called, each as it was entered or shown. */
  readonly [name: string]: string;
}

/** Sentences about what was found, each with where. Card numbers are found by their shape. */
export async function leaksIn(
  databaseUrl: string,
  log: string,
  secrets: Secrets,
): Promise<string[]> {
  const places = [...(await rowsOf(databaseUrl)), { place: 'the log', text: log }];
  return places.flatMap(({ place, text }) => [
    ...cardNumbersIn(text).map(
      (number) => `${place} holds a card number that ends in ${number.slice(-4)}.`,
    ),
    ...Object.entries(secrets)
      .filter(([, secret]) => text.includes(secret))
      .map(([name]) => `${place} holds the ${name}.`),
  ]);
}

/** Every row of every table, as text. */
async function rowsOf(databaseUrl: string): Promise<{ place: string; text: string }[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const tables = await sql<{ name: string }[]>`
      select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind = 'r' order by relname`;
    const found: { place: string; text: string }[] = [];
    for (const { name } of tables) {
      const rows = await sql<{ text: string }[]>`select t::text as text from ${sql(name)} t`;
      for (const { text } of rows) found.push({ place: name, text });
    }
    return found;
  } finally {
    await sql.end();
  }
}
