export {
  createAccount,
  expectActive,
  listAccounts,
  lockAccount,
  requireAccount,
  retrieveAccount,
  switchAccount,
  updateAccount,
} from './accounts';
export { testAccount } from './connection';
export { openCredentials, type Credentials } from './credentials';
export type { ProcessorAccount } from './object';
export { CreateProcessorAccount, ProcessorAccountId, UpdateProcessorAccount } from './params';
export {
  callbackFinder,
  find as findAccount,
  findCurrent as findCurrentAccount,
  foresee as foreseeAccountOf,
  type ProcessorAccountRow,
} from './store';
