import { resource } from '@/server/kernel/resource';
import { create, load, retrieve } from './operations';

export const confirmation_tokens = resource({
  object: 'confirmation_token',
  expands: 'confirmation_token',
  load,
  operations: { create, retrieve },
});

export { present, useToken } from './present';
