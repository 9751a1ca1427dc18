import { resource } from '@/server/kernel/resource';
import { retrieve, retrieveCurrent } from './operations';

export const account = resource({
  object: 'account',
  operations: { retrieveCurrent, retrieve },
});
export {
  brandImageKind,
  projectName,
  UpdateBilling,
  UpdateBranding,
  UpdateLogs,
  UpdateProject,
} from './params';
export {
  brandOf,
  readBrandImage,
  readProjectSettings,
  removeBrandImage,
  setBrandImage,
  updateBilling,
  updateBranding,
  updateLogs,
  updateProject,
  type ProjectSettings,
} from './set';
export { readSettings, type FeeSettings, type Settings } from './settings';
export { current as currentProject, type ProjectRow } from './store';
