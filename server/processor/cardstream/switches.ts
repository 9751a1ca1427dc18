/**
 * Where Cardstream's documents contradict each other or say nothing, and what we do about it. The
 * defaults are what is observed or, in doubt, what cannot move money twice; see
 * docs/decisions/0019-how-cardstream-is-spoken.md.
 */
export interface Switches {
  /** How a card is checked without a payment: some acquirers have no account verification. */
  readonly card_check: 'VERIFY' | 'PREAUTH';
  /** `deviceScreenResolution`: as all of Cardstream's own code has it, or as its guide does. */
  readonly screen_order: 'WxHxD' | 'HxWxD';
  /**
   * `threeDSCheckPref`: which results of 3-D Secure a payment may go on with, from `not known`, `not
   * checked`, `not authenticated`, `attempted authentication`, `authenticated`. Null leaves that to
   * the preferences of the account.
   */
  readonly three_d_secure_results: string | null;
  /** Whether the gateway knows a request again after `duplicateDelay`: how long we trust that it does. */
  readonly repeat_within_s: number;
}

export const SWITCHES: Switches = {
  card_check: 'VERIFY',
  screen_order: 'WxHxD',
  three_d_secure_results: null,
  // The window less the longest that a request can have been on its way, and clocks that differ.
  repeat_within_s: 9_999 - 600,
};
