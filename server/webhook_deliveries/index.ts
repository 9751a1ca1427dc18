import { resource } from '@/server/kernel/resource';
import { list, load, resend, retrieve, retryEvent } from './operations';

export const webhook_deliveries = resource({
  object: 'webhook_delivery',
  expands: 'webhook_delivery',
  load,
  operations: { retrieve, list, resend, retryEvent },
});
export { ListDeliveries } from './params';
export { enqueue } from './reactions';
export { resendFailed, ResendFailed, sendTestEvent, SendTestEvent } from './resending';
export { removeOld } from './retention';
export { newSending, type Sending } from './sending';
