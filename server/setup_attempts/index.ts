import { resource } from '@/server/kernel/resource';
import { toSetupAttempt } from './object';
import { list } from './operations';
import { findAll } from './store';

export const setup_attempts = resource({
  object: 'setup_attempt',
  expands: 'setup_attempt',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toSetupAttempt),
  operations: { list },
});

export {
  abandon as abandonSetupAttempt,
  begin as beginSetupAttempt,
  fail as failSetupAttempt,
  moveOn as moveSetupAttemptOn,
  succeed as succeedSetupAttempt,
} from './record';
export { find as findSetupAttempt, type SetupAttemptRow } from './store';
