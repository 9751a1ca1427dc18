import { resource } from '@/server/kernel/resource';
import { create, list, remove, retrieve, roll, update } from './operations';

export const api_keys = resource({
  object: 'api_key',
  operations: { create, retrieve, update, roll, remove, list },
});
export { keyFinder, mask, mint, type KeyHolder, type KeyType } from './key';
export { addKey } from './operations';
export type { ApiKey, DeletedApiKey } from './object';
export { RESOURCES } from './params';
export { createKeyUsage, type KeyUsage, type KeyUsageParts } from './usage';
