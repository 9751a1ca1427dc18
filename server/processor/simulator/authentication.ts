/**
 * 3-D Secure at the simulated bank: whether the cardholder is asked who they are, and what is told of
 * it afterwards. Pure.
 *
 * The card says whether its issuer insists (`challenge`), the merchant whether it wants more than
 * that: `any` is content with what the issuer knows without asking, `challenge` wants it to ask.
 * https://docs.stripe.com/payments/3d-secure/authentication-flow
 */
import type { Authentication, Authorize, ThreeDSecure } from '../processor';
import { digestUuid, type TestCard } from './cards';

export type Verdict =
  /** The cardholder is to be asked. */
  | { readonly kind: 'ask' }
  /** They would have to be asked, and are not there. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'proceed'; readonly three_d_secure?: ThreeDSecure };

export interface Asking {
  readonly terms: Pick<Authorize, 'off_session' | 'request_three_d_secure' | 'authentication'>;
  /** The bank's id of the authorization. */
  readonly transaction: string;
  /** Whether this very token has passed a challenge before. */
  readonly isSetUp: boolean;
}

export function authenticate(card: TestCard, asking: Asking): Verdict {
  const { terms, transaction } = asking;
  const { authentication = null, off_session, request_three_d_secure } = terms;
  if (authentication !== null) {
    const three_d_secure = toldElsewhere(authentication);
    return isRequired(card, asking) && three_d_secure.result === 'failed'
      ? { kind: 'absent' }
      : { kind: 'proceed', three_d_secure };
  }
  if (isRequired(card, asking)) {
    if (card.three_d_secure === 'fails') return { kind: 'proceed', three_d_secure: FAILED_LOOK_UP };
    return { kind: off_session ? 'absent' : 'ask' };
  }
  // Nobody can be asked off session, and so nobody asks.
  if (request_three_d_secure === 'automatic' || off_session) return { kind: 'proceed' };
  switch (card.three_d_secure) {
    case 'available':
      return request_three_d_secure === 'challenge'
        ? { kind: 'ask' }
        : { kind: 'proceed', three_d_secure: passed(card, transaction, 'frictionless') };
    case 'fails':
      return { kind: 'proceed', three_d_secure: FAILED_LOOK_UP };
    case 'not_supported':
      return { kind: 'proceed', three_d_secure: NOT_SUPPORTED };
    case undefined:
      return { kind: 'proceed', three_d_secure: attempted(card, transaction) };
  }
}

/** Whether the issuer insists on it, whoever asks. */
const isRequired = (
  { challenge }: TestCard,
  { terms: { off_session }, isSetUp }: Asking,
): boolean =>
  challenge !== undefined &&
  !(off_session && challenge === 'on_session') &&
  !(off_session && challenge === 'unless_set_up' && isSetUp);

/** What the issuer tells of a cardholder that it knows now. */
export const passed = (
  { brand }: TestCard,
  transaction: string,
  authentication_flow: 'challenge' | 'frictionless',
): ThreeDSecure => ({
  authentication_flow,
  electronic_commerce_indicator: brand === 'mastercard' ? '02' : '05',
  result: 'authenticated',
  transaction_id: digestUuid(`authentication ${transaction}`),
  version: '2.2.0',
});

/** And of one that was asked and could not prove who they are. */
export const rejected = (transaction: string): ThreeDSecure => ({
  authentication_flow: 'challenge',
  electronic_commerce_indicator: null,
  result: 'failed',
  result_reason: 'rejected',
  transaction_id: digestUuid(`authentication ${transaction}`),
  version: '2.2.0',
});

/** The card is not enrolled: that it was tried is all there is to tell. */
const attempted = ({ brand }: TestCard, transaction: string): ThreeDSecure => ({
  authentication_flow: null,
  electronic_commerce_indicator: brand === 'mastercard' ? '01' : '06',
  result: 'attempt_acknowledged',
  result_reason: 'card_not_enrolled',
  transaction_id: digestUuid(`authentication ${transaction}`),
  version: '2.2.0',
});

const NOTHING = {
  authentication_flow: null,
  electronic_commerce_indicator: null,
  transaction_id: null,
  version: null,
} as const;

const FAILED_LOOK_UP: ThreeDSecure = {
  ...NOTHING,
  result: 'processing_error',
  result_reason: 'protocol_error',
};

const NOT_SUPPORTED: ThreeDSecure = {
  ...NOTHING,
  result: 'not_supported',
  result_reason: 'network_not_supported',
};

/** TABLE: the issuer's word to whoever asked in our place, and what it amounts to. */
const RESULTS: Readonly<
  Record<
    NonNullable<Authentication['ares_trans_status']>,
    Pick<ThreeDSecure, 'result' | 'result_reason'>
  >
> = {
  Y: { result: 'authenticated' },
  A: { result: 'attempt_acknowledged' },
  I: { result: 'exempted' },
  U: { result: 'processing_error', result_reason: 'protocol_error' },
  C: { result: 'failed', result_reason: 'abandoned' },
  N: { result: 'failed', result_reason: 'rejected' },
  R: { result: 'failed', result_reason: 'rejected' },
};

function toldElsewhere({
  ares_trans_status,
  electronic_commerce_indicator,
  exemption_indicator,
  transaction_id,
  version,
}: Authentication): ThreeDSecure {
  const isExempted = exemption_indicator === 'low_risk';
  return {
    authentication_flow: null,
    electronic_commerce_indicator,
    ...(isExempted ? { result: 'exempted' as const } : RESULTS[ares_trans_status ?? 'Y']),
    exemption_indicator: isExempted ? 'low_risk' : null,
    transaction_id,
    version,
  };
}
