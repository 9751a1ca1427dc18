export { startJournal, type Journal } from './journal';
export type { NewRequestLog } from './store';
