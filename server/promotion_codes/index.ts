import { resource } from '@/server/kernel/resource';
import { create, list, load, retrieve, update } from './operations';

export const promotion_codes = resource({
  object: 'promotion_code',
  expands: 'promotion_code',
  load,
  operations: { create, retrieve, update, list },
});
export { hasEnded, toPromotionCode } from './object';
export { minimumIn } from './restrictions';
export {
  findAll as findPromotionCodes,
  lockAll as lockPromotionCodes,
  update as updatePromotionCode,
  type PromotionCodeRow,
} from './store';
