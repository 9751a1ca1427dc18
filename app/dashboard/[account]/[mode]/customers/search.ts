import { contains } from '@/app/dashboard/pickers/search';

/** Customers whose name or e-mail address contains the text, in Stripe's search language. */
export const customerSearch = (text: string): string =>
  `${contains('name', text)} OR ${contains('email', text)}`;
