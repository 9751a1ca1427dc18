export { close, lockOpen, open, perform, postpone, type NewAttempt } from './attempt';
export { find, type AttemptKind, type AttemptRow } from './store';
