export {
  answerIn,
  approvalIn,
  latestNamed,
  saysApproved,
  transactionIn,
  type Said,
} from './answer';
export { Distrusted, keep, readCallback, type Told } from './callback';
export { about as callbacksAbout, type CallbackRow } from './store';
export { keepingTogether } from './together';
