/**
 * Stored credentials (Gateway Integration Guide V3.0, §12 and A-17): who starts a payment, and what a
 * payment that the cardholder is not there for must follow from.
 */
import { EXPIRED, invalid, missing, type Verdict } from './codes';
import type { Initiator, Transaction } from './transaction';

interface Agreement {
  /** The `type` of a request by the consumer, who is there; null where only merchants start one. */
  readonly consumer: readonly string[] | null;
  readonly merchant: readonly string[] | null;
  /** What the transaction at the start must have been. */
  readonly follows: 'agreement' | 'stored' | 'success' | 'attempt';
}

/** TABLE: `rtAgreementType`. */
export const AGREEMENTS: Readonly<Record<string, Agreement>> = {
  cardonfile: { consumer: ['1', '2'], merchant: null, follows: 'success' },
  recurring: { consumer: ['1', '2'], merchant: ['9'], follows: 'agreement' },
  instalment: { consumer: ['1', '2'], merchant: ['9'], follows: 'agreement' },
  unscheduled: { consumer: null, merchant: ['2'], follows: 'stored' },
  resubmission: { consumer: null, merchant: ['2'], follows: 'attempt' },
  reauthorisation: { consumer: null, merchant: ['2'], follows: 'success' },
  delayedcharges: { consumer: null, merchant: ['2'], follows: 'success' },
  noshow: { consumer: null, merchant: ['2'], follows: 'success' },
};

/** Continuous authority from before agreements had types. */
const NO_AGREEMENT: Agreement = { consumer: ['1', '2'], merchant: ['9'], follows: 'success' };

const WHO = ['consumer', 'merchant'] as const;

export interface Claim {
  readonly type: string;
  readonly rtAgreementType: string | undefined;
  readonly initiator: string | undefined;
}

/** Who started it: as said, else as it follows from the rest. A verdict where it cannot be. */
export function initiatorOf({ type, rtAgreementType, initiator }: Claim): Initiator | Verdict {
  const agreement =
    rtAgreementType === undefined ? NO_AGREEMENT : AGREEMENTS[rtAgreementType.toLowerCase()];
  if (agreement === undefined) return invalid('rtAgreementType');
  if (initiator !== undefined && initiator !== 'consumer' && initiator !== 'merchant') {
    return invalid('initiator');
  }
  const possible = WHO.filter((who) => (agreement[who] ?? []).includes(type));
  const [who] = possible.filter((who) => initiator === undefined || who === initiator);
  return who ?? invalid('initiator');
}

/** Thirteen months: so long a transaction can be referred to. */
export const REFERABLE_MS = 396 * 86_400_000;

/**
 * What is wrong with a payment by the merchant alone, or null. `chain` leads from the transaction
 * that it names back to the one that stored the card.
 *
 * Which code is given is not documented: `xref` is invalid, since it names what it may not.
 */
export function refuseMerchants(
  rtAgreementType: string | undefined,
  chain: readonly Transaction[],
  now: number,
): Verdict | null {
  const [named] = chain;
  const first = chain.at(-1);
  if (named === undefined || first === undefined) return missing('xref');
  if (now - named.created > REFERABLE_MS) return EXPIRED;
  const { follows } = AGREEMENTS[rtAgreementType?.toLowerCase() ?? ''] ?? NO_AGREEMENT;
  const isAllowed = {
    attempt: true,
    success: hasSucceeded(named),
    stored: hasSucceeded(first) && hasStored(first),
    agreement: hasSucceeded(first) && agreementOf(first) === rtAgreementType?.toLowerCase(),
  }[follows];
  return isAllowed ? null : invalid('xref');
}

const agreementOf = ({ fields }: Transaction): string | undefined =>
  fields.find(([name]) => name === 'rtAgreementType')?.[1].toLowerCase();

const hasStored = (transaction: Transaction): boolean =>
  transaction.initiator === 'consumer' &&
  ['cardonfile', 'recurring', 'instalment'].includes(agreementOf(transaction) ?? '');

/** A pre-authorisation that succeeded is reversed by then, and one with a bad address is too. */
const hasSucceeded = ({ verdict }: Transaction): boolean =>
  verdict.code === 0 || verdict.code === 85;
