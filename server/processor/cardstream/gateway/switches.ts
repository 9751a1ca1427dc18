/**
 * Where Cardstream's documents contradict each other or say nothing, this stand-in can do the one and
 * the other. The defaults are what was observed; else what is harder for us.
 */
import { z } from 'zod';

export const Switches = z.strictObject({
  /** A wrong signature: 65539 by the guide, 66343 as observed. */
  wrong_signature_code: z.union([z.literal(66_343), z.literal(65_539)]).default(66_343),
  /** `duplicateDelay=0`: the default of 300 seconds (guide V3), or no check (a summary of V4). */
  duplicate_delay_zero: z.enum(['default', 'off']).default('default'),
  /** Whether an attempt that was declined makes its repetition a duplicate. */
  duplicates_of_failures: z.boolean().default(true),
  /** Whether the answer to a duplicate names the `xref` of the first one. */
  duplicate_names_original: z.boolean().default(false),
  /** A number that is no test card: `Disallowed cardnumber`, or 66311. */
  disallowed_card_code: z.union([z.literal(65_566), z.literal(66_311)]).default(65_566),
  /** An `xref` nobody knows: invalid, or a database error as recorded in 2016. */
  unknown_xref_code: z.union([z.literal(66_341), z.literal(65_548)]).default(66_341),
  /** Capturing or refunding too much: the amount is invalid, or the action not allowed. */
  excess_code: z.union([z.literal(66_312), z.literal(65_541)]).default(66_312),
  /** A referral: 1 in the table of test amounts, 2 in the description of states. */
  referral_code: z.union([z.literal(1), z.literal(2)]).default(1),
  /** A card that was verified: 0, or ISO 8583's "no reason to decline". */
  verified_code: z.union([z.literal(0), z.literal(85)]).default(0),
  /** `originalResponseCode` and so on in answers to management requests, as since guide V4.07. */
  original_fields: z.boolean().default(true),
  /** What `responseCode` of a QUERY speaks of: the query itself, or the queried transaction. */
  query_code: z.enum(['query', 'original']).default('query'),
  /** Results of a foreign 3-D Secure server are measured by `threeDSCheckPref`, or believed. */
  external_authentication: z.enum(['measured', 'believed']).default('measured'),
  /** Directory servers refuse to notify an address without TLS. */
  https_redirect_only: z.boolean().default(false),
  /** Seconds for which a `threeDSRef` is good: 1800 in both that were recorded. */
  three_ds_ref_life: z.int().min(1).default(1_800),
  /** Seconds for which a `paymentToken` of the hosted fields is good. Not documented. */
  payment_token_life: z.int().min(1).default(1_800),
  /**
   * A `paymentToken` that comes again: fine, or invalid, and whether that is found before or after
   * the request is known as a duplicate. Not documented.
   */
  payment_token_reuse: z
    .enum(['allowed', 'refused_unless_duplicate', 'refused'])
    .default('refused_unless_duplicate'),
  /** Refunds are always settled, or by their amount as sales are. Not documented. */
  refund_settlement: z.enum(['accepted', 'by_amount']).default('accepted'),
  /** Adds fields to answers that no document names: they are part of the signature. */
  unknown_fields: z.boolean().default(false),
});

export type Switches = z.output<typeof Switches>;
