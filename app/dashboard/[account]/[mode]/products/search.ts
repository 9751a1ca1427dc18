import { contains } from '@/app/dashboard/pickers/search';

/** Products whose name or description contains the text, in Stripe's search language. */
export const productSearch = (text: string): string =>
  `${contains('name', text)} OR ${contains('description', text)}`;
