export { startJournal, type Journal } from './journal';
export type { RequestLog } from './object';
export { listRequestLogs, retrieveRequestLog } from './operations';
export { ListRequestLogs, RequestLogId } from './params';
export { removeOldLogs } from './retention';
export type { NewRequestLog } from './store';
