import { lifecycle } from '@/server/kernel/lifecycle';
import type { WebhookEndpointRow } from './store';

/** Stripe announces nothing about endpoints: there is no event to send. */
const ENABLE = ['enabled', null] as const;
const DISABLE = ['disabled', null] as const;

export const webhookEndpoint = lifecycle<WebhookEndpointRow['status'], 'enable' | 'disable'>(
  'webhook_endpoint',
  ['enabled'],
  {
    enabled: { enable: ENABLE, disable: DISABLE },
    disabled: { enable: ENABLE, disable: DISABLE },
  },
);
