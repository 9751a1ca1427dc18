/** A merchant's account at the gateway. */
import { z } from 'zod';

const preference = z.string();

export const Account = z.strictObject({
  merchantID: z.string().regex(/^\d{1,10}$/),
  /** Messages are signed with it, both ways. Null: this account signs nothing. */
  secret: z.string().min(1).nullable().default(null),
  /** `merchantPwd`, when the account has one. */
  password: z.string().nullable().default(null),
  /** Whether 3-D Secure is set up for it. */
  three_ds: z.boolean().default(false),
  /** When it is asked for: before the authorisation or when the issuer asks (1), before only (2) … */
  three_ds_policy: z.int().min(1).max(6).default(1),
  /** The results of checks that it accepts, by default. */
  threeDSCheckPref: preference.default('attempted authentication,authenticated'),
  cv2CheckPref: preference.default('not known,not checked,matched,not matched,partially matched'),
  addressCheckPref: preference.default(
    'not known,not checked,matched,not matched,partially matched',
  ),
  postcodeCheckPref: preference.default(
    'not known,not checked,matched,not matched,partially matched',
  ),
  /** Whether addresses and security codes are checked at all. */
  avscv2: z.boolean().default(true),
  /** Whether a card that is typed needs its security code. */
  cardCVVMandatory: z.boolean().default(false),
  /** Continuous authority, `type=9`. */
  continuous_authority: z.boolean().default(true),
  countryCode: z.string().default('826'),
  merchantCategoryCode: z.string().default('5734'),
  /** ISO 4217's digits; null takes all. */
  currencies: z
    .array(z.string().regex(/^\d{3}$/))
    .nullable()
    .default(null),
});

export type Account = z.output<typeof Account>;

const flag = (isOn: boolean): string => (isOn ? 'Y' : 'N');

/** What every answer says about the account. */
export const flagsOf = (account: Account): readonly (readonly [string, string])[] => [
  ['threeDSEnabled', flag(account.three_ds)],
  ['rtsEnabled', 'Y'],
  ['avscv2CheckEnabled', flag(account.avscv2)],
  ['riskCheckEnabled', 'N'],
  ['caEnabled', flag(account.continuous_authority)],
  ['cftEnabled', 'N'],
  ['surchargeEnabled', 'N'],
  ['eReceiptsEnabled', 'N'],
  ['cardCVVMandatory', flag(account.cardCVVMandatory)],
  ['customerReceiptsRequired', 'N'],
  ['notifyEmailRequired', 'N'],
  ['merchantCategoryCode', account.merchantCategoryCode],
  ['processorType', 'SIMULATOR'],
];
