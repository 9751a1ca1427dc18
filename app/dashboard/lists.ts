/** TABLE: the lists that can be exported, by the name in the address. A list page adds its own. */
import type { AnyList } from '@/components/list/define';
import { customerList } from './[account]/[mode]/customers/list';
import { apiKeyList } from './[account]/[mode]/api-keys/list';
import { movementList } from './[account]/[mode]/balance/list';
import { couponList } from './[account]/[mode]/coupons/list';
import { disputeList } from './[account]/[mode]/disputes/list';
import { eventList } from './[account]/[mode]/events/list';
import { invoiceList } from './[account]/[mode]/invoices/list';
import { logList } from './[account]/[mode]/logs/list';
import { paymentList } from './[account]/[mode]/payments/list';
import { payoutList } from './[account]/[mode]/payouts/list';
import { productList } from './[account]/[mode]/products/list';
import { promotionCodeList } from './[account]/[mode]/promotion-codes/list';
import { fileList } from './[account]/[mode]/reconciliation/files/list';
import { itemList } from './[account]/[mode]/reconciliation/list';
import { auditList } from './[account]/[mode]/settings/audit-log/list';
import { subscriptionList } from './[account]/[mode]/subscriptions/list';
import { endpointList } from './[account]/[mode]/webhooks/list';

const all = [
  customerList,
  paymentList,
  movementList,
  payoutList,
  disputeList,
  itemList,
  fileList,
  subscriptionList,
  invoiceList,
  productList,
  couponList,
  promotionCodeList,
  eventList,
  endpointList,
  apiKeyList,
  logList,
  auditList,
] as const;

export const lists: ReadonlyMap<string, AnyList> = new Map(
  all.map((list) => [list.name, list as unknown as AnyList]),
);
