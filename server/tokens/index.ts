import { resource } from '@/server/kernel/resource';
import { toToken } from './object';
import { retrieve } from './operations';
import { findAll } from './store';

export const tokens = resource({
  object: 'token',
  expands: 'token',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toToken),
  operations: { retrieve },
});
export {
  acceptCard,
  acceptExpiry,
  expiry,
  NO_BILLING_DETAILS,
  preferNetwork,
  preferredNetwork,
  testPaymentMethod,
  tokenOf,
  typedCard,
  verifiedCard,
  withChecks,
  type AcceptedCard,
} from './card';
export { billingDetailsOf, createFromCard, createVerifiedToken } from './create';
export { toCard, toToken, type Token } from './object';
export { redeem } from './operations';
export { CreateToken, UNSUPPORTED as UNSUPPORTED_ON_CREATE } from './params';
export { find as findToken } from './store';
export { toStored, type VerifiedCard } from './verified';
