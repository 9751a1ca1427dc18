/** What the page asks for, on the server and in the browser alike. */
export const promotionCodeCall = (id: string) => ({
  id,
  expand: ['promotion.coupon', 'customer'],
});
