import { resource } from '@/server/kernel/resource';
import { toSetupIntent } from './object';
import { cancel, confirm, create, list, retrieve, update } from './operations';
import { findAll } from './store';

export const setup_intents = resource({
  object: 'setup_intent',
  expands: 'setup_intent',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toSetupIntent),
  operations: { create, retrieve, update, confirm, cancel, list },
});

export {
  findChallenge as findSetupChallenge,
  resume as resumeSetup,
  type SetupChallenge,
} from './challenge';
export { answerOfSetup, concludeSetup } from './conclude';
export { createForSubscription } from './create';
export { toSetupIntent } from './object';
export { find as findSetupIntent, type SetupIntentRow } from './store';
