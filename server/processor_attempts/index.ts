export {
  close,
  heed,
  inquire,
  isOnCard,
  isOnPayment,
  isOnSetup,
  lockOpen,
  open,
  perform,
  postpone,
  type NewAttempt,
  type AttemptOnCard,
  type AttemptOnPayment,
  type AttemptOnSetup,
} from './attempt';
export {
  addressIn,
  challengeFinder,
  findChallenged,
  isAwaited,
  nextActionOf,
  resumptionOf,
  type ChallengeAnswer,
  type PutChallenge,
} from './challenge';
export { importedAuthentication, importedOf, type Importing } from './imported';
export type { Browser, ChallengeStep, Part } from '@/server/processor/processor';
export { authenticationAsked, billingOf, termsOf } from './terms';
export { listAttempts, type ProcessorAttempt } from './object';
export { refusalOf, toCardError } from './decline';
export { claimLost, decide, decisionOn, hasten, noteArrival } from './lost';
export {
  callUp,
  find,
  findAll as findAttempts,
  lock,
  ofPayment as findAttemptsOf,
  type AttemptKind,
  type AttemptRow,
} from './store';
