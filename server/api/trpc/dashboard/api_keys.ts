import { RESOURCES } from '@/server/api_keys';
import { forMember } from './procedure';

export const apiKeys = {
  /** What a restricted key can be given rights to. */
  resources: forMember('apiKeys.resources').query(() => [...RESOURCES]),
};
