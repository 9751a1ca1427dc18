/** What the page asks for, on the server and in the browser alike. */
export const invoiceCall = (id: string) => ({
  id,
  expand: ['customer', 'default_payment_method', 'total_discount_amounts.discount.source.coupon'],
});
