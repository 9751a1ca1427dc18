/** What every request to the gateway is decided upon. */
import type { Account } from './accounts';
import type { Books } from './books';
import type { Switches } from './switches';
import type { Tokens } from './tokens';

export interface Bank {
  readonly books: Books;
  readonly tokens: Tokens;
  readonly switches: Switches;
  /** Milliseconds of the epoch, by the gateway's own clock. */
  now(): number;
  accountOf(merchantID: string): Account | null;
  /** Where a browser reaches the gateway: the pages of its issuers are below it. */
  origin(): string;
}
