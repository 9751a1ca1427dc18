/** What the page asks for, on the server and in the browser alike. */
export const disputeCall = (id: string) => ({ id, expand: ['charge.customer'] });
