/**
 * TABLE: what the test acquirer makes of an amount, in minor units (Gateway Integration Guide V3.0,
 * It decides when a payment is authorised, and again, by the amount that was captured, when it
 * is settled.
 */
import type { Verdict } from './codes';

export interface Band {
  readonly from: number;
  readonly to: number;
  readonly authorisation: 'approve' | 'refer' | 'decline' | 'keep_card' | 'sca' | 'sca_or_decline';
  /** Null: nothing of this is ever settled. */
  readonly settlement: 'accepted' | 'rejected' | null;
}

export const BANDS: readonly Band[] = [
  { from: 100, to: 2_499, authorisation: 'approve', settlement: 'accepted' },
  { from: 2_500, to: 4_999, authorisation: 'approve', settlement: 'rejected' },
  { from: 5_000, to: 7_499, authorisation: 'refer', settlement: 'accepted' },
  { from: 7_500, to: 9_999, authorisation: 'refer', settlement: 'rejected' },
  { from: 10_000, to: 14_999, authorisation: 'decline', settlement: null },
  { from: 15_000, to: 19_999, authorisation: 'keep_card', settlement: null },
  { from: 20_000, to: 24_999, authorisation: 'sca', settlement: 'accepted' },
  { from: 25_000, to: 29_999, authorisation: 'sca_or_decline', settlement: null },
];

export const bandOf = (amount: number): Band | null =>
  BANDS.find(({ from, to }) => amount >= from && amount <= to) ?? null;

/**
 * A cardholder called `Test [N]` is treated as if the amount were N major units (guide V4): so that
 * a shop can be tested with the prices it has.
 */
export function testAmount(amount: number, exponent: number, name: string | undefined): number {
  const [, major] = /^Test \[(\d{1,9})\]$/.exec(name?.trim() ?? '') ?? [];
  return major === undefined ? amount : Number(major) * 10 ** exponent;
}

export interface Circumstances {
  /** The request brings the code that the issuer gave on the telephone. */
  readonly isVoiceAuthorised: boolean;
  /** Strong customer authentication is needed, and has not succeeded. */
  readonly needsAuthentication: boolean;
  /** 1, or 2 by the switch. */
  readonly referralCode: number;
}

/** What the acquirer answers. Code 0 has no message yet: that is the code of the authorisation. */
export function authoriseAmount(
  amount: number,
  { isVoiceAuthorised, needsAuthentication, referralCode }: Circumstances,
): Verdict {
  switch (bandOf(amount)?.authorisation) {
    case 'approve':
      return APPROVED;
    case 'refer':
      return isVoiceAuthorised ? APPROVED : { code: referralCode, message: 'CARD REFERRED' };
    case 'decline':
      return DECLINED;
    case 'keep_card':
      return { code: 4, message: 'CARD DECLINED - KEEP CARD' };
    case 'sca':
      return needsAuthentication ? SCA_REQUIRED : APPROVED;
    case 'sca_or_decline':
      return needsAuthentication ? SCA_REQUIRED : DECLINED;
    case undefined:
      // By the guide this amount is an "invalid action"; it has no text for it.
      return { code: 66_311, message: 'ERROR CODE (RC_INVALID_ACTION)' };
  }
}

const APPROVED: Verdict = { code: 0, message: '' };
const DECLINED: Verdict = { code: 5, message: 'CARD DECLINED' };
const SCA_REQUIRED: Verdict = { code: 65, message: 'SCA REQUIRED' };
