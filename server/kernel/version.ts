/** The version of Stripe's API whose shapes this server speaks: that of the `stripe` package, major 23. */
export const API_VERSION = '2026-10-28.endive';
