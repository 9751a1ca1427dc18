/**
 * TABLE: the pages of the dashboard, in the order in which they are shown. A page adds itself here,
 * and is then in the sidebar, in the palette and behind its keys.
 */
import {
  Activity,
  CreditCard,
  KeyRound,
  Package,
  ReceiptText,
  Repeat,
  ScrollText,
  Tag,
  TicketPercent,
  Users,
  Webhook,
} from 'lucide-react';
import type { Place } from '@/components/layout/place';
import { customerSearch } from './[account]/[mode]/customers/search';
import { invoiceSearch } from './[account]/[mode]/invoices/search';
import { productSearch } from './[account]/[mode]/products/search';

export const places: readonly Place[] = [
  {
    page: 'payments',
    name: 'Payments',
    icon: CreditCard,
    group: '',
    jump: 'p',
    ids: ['pi_'],
  },
  {
    page: 'customers',
    name: 'Customers',
    icon: Users,
    group: '',
    jump: 'c',
    ids: ['cus_'],
    search: {
      path: 'customers.search',
      query: customerSearch,
      show: ({ name, email, id }) => ({
        title: String(name ?? email ?? id),
        note: name === null ? '' : String(email ?? ''),
      }),
    },
  },
  {
    page: 'subscriptions',
    name: 'Subscriptions',
    icon: Repeat,
    group: 'Billing',
    jump: 's',
    ids: ['sub_'],
  },
  {
    page: 'invoices',
    name: 'Invoices',
    icon: ReceiptText,
    group: 'Billing',
    jump: 'i',
    ids: ['inv_'],
    search: {
      path: 'invoices.search',
      query: invoiceSearch,
      show: ({ number, id, customer_name, customer_email }) => ({
        title: String(number ?? id),
        note: String(customer_name ?? customer_email ?? ''),
      }),
    },
  },
  {
    page: 'products',
    name: 'Products',
    icon: Package,
    group: 'Catalogue',
    jump: 'd',
    ids: ['prod_'],
    search: {
      path: 'products.search',
      query: productSearch,
      show: ({ name, description }) => ({ title: String(name), note: String(description ?? '') }),
    },
  },
  {
    page: 'coupons',
    name: 'Coupons',
    icon: TicketPercent,
    group: 'Catalogue',
    jump: 'o',
  },
  {
    page: 'promotion-codes',
    name: 'Promotion codes',
    icon: Tag,
    group: 'Catalogue',
    jump: 'm',
    ids: ['promo_'],
  },
  {
    page: 'events',
    name: 'Events',
    icon: Activity,
    group: 'Developers',
    jump: 'e',
    ids: ['evt_'],
  },
  {
    page: 'webhooks',
    name: 'Webhooks',
    icon: Webhook,
    group: 'Developers',
    jump: 'w',
    ids: ['we_'],
  },
  {
    page: 'api-keys',
    name: 'API keys',
    icon: KeyRound,
    group: 'Developers',
    jump: 'k',
    ids: ['key_'],
  },
  {
    page: 'logs',
    name: 'Logs',
    icon: ScrollText,
    group: 'Developers',
    jump: 'l',
    ids: ['req_'],
  },
];
