/**
 * What the hosted fields made of a card: a token that stands for it, in one request of one merchant.
 * Kept is what follows from the number and the security code, and neither of them.
 */
import type { Check, UsedCard } from './transaction';

export interface Token {
  readonly id: number;
  readonly merchantID: string;
  readonly card: UsedCard;
  readonly cv2: Check;
  /** Milliseconds of the epoch. */
  readonly created: number;
  readonly isUsed: boolean;
}

export interface Tokens {
  /** As it is given to the shop. */
  issue(card: Pick<Token, 'merchantID' | 'card' | 'cv2'>, now: number): string;
  /** Null where it is no token, or another merchant's. */
  find(text: string, merchantID: string): Token | null;
  use(token: Token): void;
}

/** Like the numbers that were seen. */
const FIRST_ID = 1_084_742;

/** They are lost with the process: whoever holds one then types the card again. */
export function newTokens(): Tokens {
  const tokens = new Map<number, Token>();
  return {
    issue(card, now) {
      const id = FIRST_ID + tokens.size;
      tokens.set(id, { ...card, id, created: now, isUsed: false });
      return encode(id);
    },
    find(text, merchantID) {
      const token = tokens.get(decode(text) ?? 0);
      return token?.merchantID === merchantID ? token : null;
    },
    use(token) {
      tokens.set(token.id, { ...token, isUsed: true });
    },
  };
}

const encode = (id: number): string =>
  Buffer.from(JSON.stringify({ paymentToken: { method: 'card', resource: 'store', id } })).toString(
    'base64',
  );

function decode(text: string): number | null {
  try {
    const { paymentToken } = JSON.parse(Buffer.from(text, 'base64').toString()) as {
      readonly paymentToken?: { readonly id?: unknown };
    };
    return typeof paymentToken?.id === 'number' ? paymentToken.id : null;
  } catch {
    return null;
  }
}
