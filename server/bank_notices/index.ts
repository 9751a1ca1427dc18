export { dueNotices, listen } from './listen';
