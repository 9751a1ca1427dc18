export {
  close,
  isOnPayment,
  isOnSetup,
  lockOpen,
  open,
  perform,
  postpone,
  type NewAttempt,
  type AttemptOnPayment,
  type AttemptOnSetup,
} from './attempt';
export { challengeFinder, findChallenged, isAwaited, type PutChallenge } from './challenge';
export { listAttempts, type ProcessorAttempt } from './object';
export { refusalOf, toCardError } from './decline';
export { find, type AttemptKind, type AttemptRow } from './store';
