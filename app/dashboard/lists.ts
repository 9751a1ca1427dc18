/** TABLE: the lists that can be exported, by the name in the address. A list page adds its own. */
import type { AnyList } from '@/components/list/define';
import { customerList } from './[account]/[mode]/customers/list';
import { apiKeyList } from './[account]/[mode]/api-keys/list';
import { couponList } from './[account]/[mode]/coupons/list';
import { eventList } from './[account]/[mode]/events/list';
import { invoiceList } from './[account]/[mode]/invoices/list';
import { logList } from './[account]/[mode]/logs/list';
import { paymentList } from './[account]/[mode]/payments/list';
import { productList } from './[account]/[mode]/products/list';
import { promotionCodeList } from './[account]/[mode]/promotion-codes/list';
import { subscriptionList } from './[account]/[mode]/subscriptions/list';
import { endpointList } from './[account]/[mode]/webhooks/list';

const all = [
  customerList,
  paymentList,
  subscriptionList,
  invoiceList,
  productList,
  couponList,
  promotionCodeList,
  eventList,
  endpointList,
  apiKeyList,
  logList,
] as const;

export const lists: ReadonlyMap<string, AnyList> = new Map(
  all.map((list) => [list.name, list as unknown as AnyList]),
);
