/**
 * Response codes of Cardstream (Gateway Integration Guide V3.0, A-1). A field that is missing has a
 * code of its own, and one that is not what it must be has that plus 256.
 */
export interface Verdict {
  /** `responseCode`: 0 is success, 1 to 9999 the acquirer's, from 65536 the gateway's. */
  readonly code: number;
  /** `responseMessage` */
  readonly message: string;
}

/** `responseStatus`: 0 approved, 1 declined, 2 an error or not finished. */
export const statusOf = (code: number): 0 | 1 | 2 => {
  if (code === 0) return 0;
  return code < 65_536 ? 1 : 2;
};

const MISSING = {
  merchantID: 66_049,
  merchantPwd: 66_050,
  action: 66_055,
  amount: 66_056,
  currencyCode: 66_057,
  cardNumber: 66_058,
  cardExpiryMonth: 66_059,
  cardExpiryYear: 66_060,
  cardCVV: 66_064,
  countryCode: 66_070,
  remoteAddress: 66_073,
  callbackURL: 66_075,
  duplicateDelay: 66_078,
  xref: 66_085,
  type: 66_086,
  signature: 66_087,
  threeDSRequired: 66_090,
  threeDSCheckPref: 66_098,
  cv2CheckPref: 66_099,
  addressCheckPref: 66_100,
  postcodeCheckPref: 66_101,
  captureDelay: 66_102,
  cardExpiryDate: 66_160,
  paymentMethod: 66_222,
  paymentToken: 66_223,
  rtAgreementType: 66_293,
  cloneFields: 66_302,
  threeDSRef: 66_592,
  threeDSRedirectURL: 66_594,
  threeDSResponse: 66_599,
  threeDSPolicy: 66_600,
  scaExemption: 66_608,
  deviceChannel: 66_657,
  deviceIdentity: 66_658,
  deviceTimeZone: 66_659,
  deviceCapabilities: 66_660,
  deviceAcceptContent: 66_661,
  deviceAcceptLanguage: 66_664,
  deviceScreenResolution: 66_665,
  initiator: 66_688,
} as const;

export type CheckedField = keyof typeof MISSING;

const INVALID_OFFSET = 256;

export const missing = (field: CheckedField): Verdict => ({
  code: MISSING[field],
  message: `ERROR CODE (RC_MISSING_${field.toUpperCase()})`,
});

export const invalid = (field: CheckedField): Verdict => ({
  code: MISSING[field] + INVALID_OFFSET,
  message: `ERROR CODE (RC_INVALID_${field.toUpperCase()})`,
});

/** The gateway's own codes that this stand-in gives. Texts that nobody recorded follow the others. */
export const NO_REQUEST: Verdict = { code: 66_048, message: 'ERROR CODE (RC_MISSING_REQUEST)' };
export const UNREADABLE: Verdict = { code: 66_304, message: 'ERROR CODE (RC_INVALID_REQUEST)' };
export const UNKNOWN_MERCHANT: Verdict = {
  code: 65_539,
  message: 'ERROR CODE (RC_INVALID_CREDENTIALS)',
};
export const MISMATCH: Verdict = { code: 65_542, message: 'ERROR CODE (RC_REQUEST_MISMATCH)' };
export const CURRENCY_UNSUPPORTED: Verdict = {
  code: 65_546,
  message: 'ERROR CODE (RC_UNSUPPORTED_CURRENCY)',
};
export const DATABASE_ERROR: Verdict = { code: 65_548, message: 'DB ERROR' };
export const DUPLICATE: Verdict = { code: 65_554, message: 'ERROR CODE (RC_REQUEST_DUPLICATE)' };
export const AVSCV2_UNSUPPORTED: Verdict = {
  code: 65_556,
  message: 'ERROR CODE (RC_UNSUPPORTED_AVSCV2)',
};
export const UNSUPPORTED: Verdict = {
  code: 65_563,
  message: 'ERROR CODE (RC_UNSUPPORTED_REQUEST)',
};
export const EXPIRED: Verdict = { code: 65_564, message: 'ERROR CODE (RC_REQUEST_EXPIRED)' };
export const THREEDS_UNAVAILABLE: Verdict = {
  code: 65_796,
  message: '3DS not available on this account',
};
export const THREEDS_REQUIRED: Verdict = { code: 65_802, message: '3DS authentication required' };
export const THREEDS_DECLINED: Verdict = { code: 65_803, message: '3DS DECLINED' };
export const AVSCV2_DECLINED: Verdict = { code: 5, message: 'AVS/CV2 DECLINED' };

/** `Can not REFUND …` in 2018, spelled so since. */
export const notAllowed = (action: string, original: string): Verdict => ({
  code: 65_541,
  message: `Cannot ${action.replace('_SALE', '')} this ${original} transaction`,
});
