export { endOtherSessions, endSession, listSessions } from './manage';
export type { Session } from './object';
export { renamePerson } from './profile';
export {
  beginTotp,
  changePassword,
  confirmTotp,
  disableTotp,
  readSecurity,
  renewCodes,
  type Person,
  type Security,
} from './security';
export { lastSeen } from './store';
export { passSecondFactor, SESSION_SECONDS, signIn, signInWith, type SignedIn } from './sign_in';
export { sessionFinder, type SessionFinder, type Standing } from './standing';
