import { resource } from '@/server/kernel/resource';
import { retrieve, retrieveCurrent } from './operations';

export const account = resource({
  object: 'account',
  operations: { retrieveCurrent, retrieve },
});
export { renameProject } from './rename';
export { readSettings, type Settings } from './settings';
export {
  current as currentProject,
  lockCurrent as lockCurrentProject,
  updateCurrent as updateCurrentProject,
  type ProjectRow,
} from './store';
