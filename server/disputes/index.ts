import { resource } from '@/server/kernel/resource';
import { close, conclude, list, load, record, retrieve, update } from './operations';

export const disputes = resource({
  object: 'dispute',
  expands: 'dispute',
  load,
  operations: { record, retrieve, update, close, conclude, list },
});

export { closeInquiries, dueDisputes } from './decide';
export { leftOf, open as openDispute, type Claim } from './open';
