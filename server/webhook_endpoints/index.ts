import { resource } from '@/server/kernel/resource';
import { toWebhookEndpoint } from './object';
import { create, list, remove, retrieve, rollSecret, update } from './operations';
import { findAll } from './store';

export const webhook_endpoints = resource({
  object: 'webhook_endpoint',
  expands: 'webhook_endpoint',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toWebhookEndpoint),
  operations: { create, retrieve, list, update, remove, rollSecret },
});
export { ForbiddenAddress, onlyPublic, publicLookup, type Resolve } from './address';
export { requireEndpoint, revealSecret } from './operations';
export { secretsOf } from './secret';
export { findAll as findEndpoints, type WebhookEndpointRow } from './store';
export { deliverable } from './url';
