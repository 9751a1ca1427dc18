import { resource } from '@/server/kernel/resource';
import { toToken } from './object';
import { create, retrieve } from './operations';
import { findAll } from './store';

export const tokens = resource({
  object: 'token',
  expands: 'token',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toToken),
  operations: { create, retrieve },
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
export { redeem } from './operations';
