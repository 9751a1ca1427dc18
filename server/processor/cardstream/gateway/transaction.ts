/** What the gateway keeps of a payment: everything that it will be asked, and no card number. */
import type { Fields } from '../fields';
import type { Verdict } from './codes';

export const STATES = [
  'received',
  'approved',
  'verified',
  'declined',
  'referred',
  'reversed',
  'captured',
  'tendered',
  'deferred',
  'accepted',
  'rejected',
  'canceled',
  'finished',
] as const;

export type State = (typeof STATES)[number];

/** Requests that make a transaction. */
export type Action = 'SALE' | 'PREAUTH' | 'VERIFY' | 'REFUND_SALE';

export type Initiator = 'consumer' | 'merchant';

export type Check = 'not known' | 'not checked' | 'matched' | 'not matched';

export interface UsedCard {
  readonly mask: string;
  /** 1 to 12 */
  readonly month: number;
  /** Its last two digits. */
  readonly year: number;
}

/** EMV 3-D Secure's transStatus, and E for what went wrong. */
export type AuthenticationStatus = 'Y' | 'N' | 'U' | 'A' | 'D' | 'R' | 'I' | 'C' | 'E';

/** An authentication under way. */
export interface Authentication {
  readonly stage: 'method' | 'challenge';
  /** Counts from 1, one more with each reference that was handed out. */
  readonly round: number;
  readonly ref: string;
  /** Milliseconds of the epoch. */
  readonly expires: number;
  /** UUIDs of the 3-D Secure server, the access control server and the directory server. */
  readonly serverTransID: string;
  readonly acsTransID: string;
  readonly dsTransID: string;
  /** What the cardholder did on the page, as the issuer told the gateway. Null: nothing yet. */
  readonly answer: AuthenticationStatus | null;
}

export interface Transaction {
  readonly id: number;
  readonly xref: string;
  readonly merchantID: string;
  readonly action: Action;
  readonly state: State;
  /** What was answered to the request that made it. */
  readonly verdict: Verdict;
  /** The request's fields, and those that were cloned; nothing secret is among them. */
  readonly fields: Fields;
  /** Null in transactions about others: a refund goes to the card of its sale. */
  readonly card: UsedCard | null;
  readonly initiator: Initiator;
  /** `1` e-commerce, `2` mail or telephone order, `9` continuous authority. */
  readonly type: string;
  readonly reference: string | null;
  /** In the currency's minor unit, like all amounts here. */
  readonly amount: number;
  /** ISO 4217's three digits. */
  readonly currency: string;
  readonly approved: number;
  readonly received: number;
  readonly refunded: number;
  /** Of the security code that came with it, which is not kept. */
  readonly cv2: Check;
  /** What checks, issuer and schemes said, as it is answered. */
  readonly results: Fields;
  readonly authorisationCode: string | null;
  /** The `xref` of the transaction that it was cloned from, or refunds. */
  readonly previous: string | null;
  readonly authentication: Authentication | null;
  /** When a delayed capture is due, in milliseconds of the epoch; null where none is. */
  readonly captureAt: number | null;
  /** Milliseconds of the epoch. */
  readonly created: number;
  readonly changed: number;
}
