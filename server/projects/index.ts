import { resource } from '@/server/kernel/resource';
import { retrieve, retrieveCurrent } from './operations';

export const account = resource({
  object: 'account',
  operations: { retrieveCurrent, retrieve },
});
export { readSettings, type Settings } from './settings';
export { current as currentProject, type ProjectRow } from './store';
