import { contains } from '@/app/dashboard/pickers/search';

/** Invoices whose number contains the text, in Stripe's search language. */
export const invoiceSearch = (text: string): string => contains('number', text);
