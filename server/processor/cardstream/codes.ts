/**
 * TABLE: what each `responseCode` means to us. Gateway Integration Guide V3.0, A-1; the codes of two
 * characters (`N7`) are counted as the guide does, base 36 plus 100.
 *
 * A code that is not here is no answer: money may have moved, and somebody should look.
 */
import type { Declined } from '../processor';
import { DECLINES } from '../simulator';

type Reason = Pick<Declined, 'code' | 'decline_code' | 'message'>;

export type Meaning =
  | { readonly kind: 'approved' }
  /** The cardholder is to be asked. */
  | { readonly kind: 'challenge' }
  /** The same request came before; what became of it is not said. */
  | { readonly kind: 'duplicate' }
  /** Declined by the issuer, or by a rule of the merchant's. */
  | { readonly kind: 'declined'; readonly reason: Reason }
  /** The gateway did not take the request: nothing has moved, and we or the account are wrong. */
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** It cannot say whether anything has moved. */
  | { readonly kind: 'unsure' };

const UNSURE: Meaning = { kind: 'unsure' };

/** @returns null for a code that no document names. */
export const meaningOf = (code: number): Meaning | null =>
  MEANINGS.get(code) ?? (isFieldError(code) ? refused('processing_error') : null);

const because = (decline_code: string, message = 'Your card was declined.'): Reason => ({
  code: 'card_declined',
  decline_code,
  message,
});

const plain = (code: string, message: string): Reason => ({ code, decline_code: null, message });

/** Why, in the words that Stripe has for it: https://docs.stripe.com/declines/codes */
const REASONS = {
  ...DECLINES,
  approve_with_id: because('approve_with_id'),
  call_issuer: because('call_issuer'),
  card_not_supported: because(
    'card_not_supported',
    'Your card does not support this type of purchase.',
  ),
  currency_not_supported: because(
    'currency_not_supported',
    'Your card does not support this currency.',
  ),
  do_not_honor: because('do_not_honor'),
  duplicate_transaction: because(
    'duplicate_transaction',
    'A transaction with the same amount and card was submitted very recently.',
  ),
  invalid_amount: because('invalid_amount', 'Your card does not allow a payment of this amount.'),
  invalid_pin: because('invalid_pin', 'Your PIN is incorrect.'),
  issuer_not_available: because(
    'issuer_not_available',
    'Your card issuer could not be reached. Try again in a little bit.',
  ),
  no_action_taken: because('no_action_taken'),
  not_permitted: because('not_permitted'),
  pickup_card: because('pickup_card'),
  pin_required: because('online_or_offline_pin_required'),
  pin_try_exceeded: because('pin_try_exceeded'),
  reenter_transaction: because('reenter_transaction', 'Your card was declined. Try again.'),
  restricted_card: because('restricted_card'),
  revocation_of_all_authorizations: because('revocation_of_all_authorizations'),
  revocation_of_authorization: because('revocation_of_authorization'),
  security_violation: because('security_violation'),
  service_not_allowed: because('service_not_allowed'),
  stop_payment_order: because('stop_payment_order'),
  transaction_not_allowed: because('transaction_not_allowed'),
  try_again_later: because('try_again_later', 'Your card was declined. Try again in a little bit.'),
  withdrawal_count_limit_exceeded: because(
    'withdrawal_count_limit_exceeded',
    'Your card was declined for exceeding its amount limit.',
  ),
  live_mode_test_card: because(
    'live_mode_test_card',
    'Your card was declined. Your request was in live mode, but used a known test card.',
  ),
  invalid_cvc: plain('invalid_cvc', "Your card's security code is invalid."),
  invalid_expiry_month: plain('invalid_expiry_month', "Your card's expiration month is invalid."),
  invalid_expiry_year: plain('invalid_expiry_year', "Your card's expiration year is invalid."),
  token_used: plain(
    'token_already_used',
    'The card cannot be had from this token: it was used before, or is too old. Enter the card again.',
  ),
  amount_too_large: plain('amount_too_large', 'The processor does not allow this amount.'),
  unknown_transaction: plain('resource_missing', 'The processor does not know the transaction.'),
  not_allowed: plain(
    'charge_not_in_state',
    'The processor does not allow this of the transaction as it stands.',
  ),
  expired: plain('charge_expired', 'The transaction is too old for this.'),
} as const satisfies Record<string, Reason>;

type ReasonName = keyof typeof REASONS;

const declined = (name: ReasonName): Meaning => ({ kind: 'declined', reason: REASONS[name] });
const refused = (name: ReasonName): Meaning => ({ kind: 'refused', reason: REASONS[name] });

/** By the issuer and the acquirer, after ISO 8583: the reason in Stripe's words, and codes. */
const ACQUIRER: Partial<Record<ReasonName, readonly number[]>> = {
  /** Refer to the issuer: an account without voice authorisations cannot. */
  call_issuer: [1, 2, 60, 66, 70, 1_298, 1_301],
  approve_with_id: [8],
  do_not_honor: [5],
  pickup_card: [4, 7, 33, 35, 36, 37, 38, 67],
  fraudulent: [34, 59, 895],
  lost_card: [41],
  stolen_card: [43],
  expired_card: [54],
  insufficient_funds: [51],
  incorrect_number: [14, 15, 56],
  incorrect_cvc: [82, 935],
  invalid_account: [39, 42, 44, 45, 46, 48, 49, 50, 52, 53],
  invalid_amount: [13, 64, 936, 1_365],
  withdrawal_count_limit_exceeded: [61, 932],
  restricted_card: [62, 78, 292, 440],
  security_violation: [63, 97],
  transaction_not_allowed: [12, 23, 57, 58, 84, 85, 89, 93, 341, 893, 894, 1_366],
  service_not_allowed: [3, 31, 40, 87, 497, 498, 931, 1_002],
  not_permitted: [28, 29, 24, 1_144, 1_145, 1_146, 1_147, 1_148, 1_149, 1_150, 1_151],
  stop_payment_order: [1_072],
  revocation_of_authorization: [1_073],
  revocation_of_all_authorizations: [1_075],
  duplicate_transaction: [26, 94],
  invalid_pin: [55, 81, 86, 99, 1_005, 1_006],
  pin_required: [47, 74],
  pin_try_exceeded: [75],
  reenter_transaction: [19],
  issuer_not_available: [72, 73, 80, 88, 91, 92, 928, 1_363],
  try_again_later: [6, 20, 22, 68, 69, 83, 90, 96, 98, 933],
  no_action_taken: [21, 25, 27, 76, 77, 79],
  generic_decline: [17, 18, 30, 71, 95, 1_037],
  authentication_required: [65],
};

/** By 3-D Secure: the cardholder was not authenticated well enough. */
const UNAUTHENTICATED = [65_797, 65_800, 65_803];

/** "In progress", and approvals that are none here: only 0 is. `outcomes.ts` looks at their state. */
const NEARLY_APPROVED = [9, 10, 11, 16, 32];

/** By the gateway, of the request and the account; nothing has moved. */
const GATEWAY: Partial<Record<ReasonName, readonly number[]>> = {
  /** Credentials, permissions, the form of the request, what the account cannot do. */
  processing_error: [
    65_539, 65_540, 65_543, 65_544, 65_545, 65_547, 65_556, 65_557, 65_558, 65_559, 65_562, 65_563,
    65_568, 65_569, 65_570, 65_572, 65_573, 65_575, 65_795, 65_796, 65_825, 65_826, 65_827, 65_828,
    65_830, 65_857, 65_858, 65_859, 65_860, 65_861, 66_048, 66_304, 66_418, 66_419, 66_628, 66_884,
  ],
  not_allowed: [65_541],
  unknown_transaction: [66_341],
  transaction_not_allowed: [65_542],
  currency_not_supported: [65_546],
  card_not_supported: [65_561, 65_567],
  live_mode_test_card: [65_566],
  expired: [65_564],
  generic_decline: [65_576],
  fraudulent: [65_862],
  authentication_failure: [65_793, 65_794, 66_848],
  amount_too_large: [66_312],
  incorrect_number: [66_314],
  invalid_expiry_month: [66_315],
  invalid_expiry_year: [66_316, 66_416],
  invalid_cvc: [66_064, 66_320],
  token_used: [66_223, 66_479],
};

/** The gateway does not know itself, or says that something succeeded which is not what was asked. */
const UNSURE_CODES = [
  65_536, 65_537, 65_548, 65_549, 65_550, 65_551, 65_552, 65_553, 65_555, 65_565, 65_571, 65_792,
  65_804, 65_824, 65_829, 65_856,
];

const MEANINGS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [0, { kind: 'approved' }],
  [65_554, { kind: 'duplicate' }],
  [65_802, { kind: 'challenge' }],
  ...[...NEARLY_APPROVED, ...UNSURE_CODES].map((code) => [code, UNSURE] as const),
  ...rowsOf(ACQUIRER, declined),
  ...rowsOf({ authentication_failure: UNAUTHENTICATED }, declined),
  ...rowsOf(GATEWAY, refused),
]);

function rowsOf(
  table: Partial<Record<ReasonName, readonly number[]>>,
  meaning: (name: ReasonName) => Meaning,
): (readonly [number, Meaning])[] {
  return Object.entries(table).flatMap(([name, codes]) =>
    codes.map((code) => [code, meaning(name as ReasonName)] as const),
  );
}

/** How far the code of a field that is wrong is from that of the same field missing. */
const WRONG = 256;

const isFieldError = (code: number): boolean => FIELDS.has(code) || FIELDS.has(code - WRONG);

/** The field that a request lacked, or that was wrong in it; null for any other code. */
export const fieldOf = (code: number): string | null =>
  FIELDS.get(code) ?? FIELDS.get(code - WRONG) ?? null;

/** Fields that a request can lack: the code of each; when it is wrong instead, 256 more. */
const FIELDS: ReadonlyMap<number, string> = new Map(
  `
66049 merchantID, 66050 merchantPwd, 66055 action, 66056 amount, 66057 currencyCode,
66058 cardNumber, 66059 cardExpiryMonth, 66060 cardExpiryYear, 66061 cardStartMonth,
66062 cardStartYear, 66063 cardIssueNumber, 66064 cardCVV, 66065 customerName,
66066 customerAddress, 66067 customerPostcode, 66068 customerEmail, 66069 customerPhone,
66070 countryCode, 66071 transactionUnique, 66072 orderRef, 66073 remoteAddress,
66074 redirectURL, 66075 callbackURL, 66076 merchantData, 66078 duplicateDelay,
66079 itemQuantity, 66080 itemDescription, 66081 itemAmount, 66082 taxAmount,
66083 discountAmount, 66084 discountReason, 66085 xref, 66086 type, 66087 signature,
66088 authorisationCode, 66089 transactionID, 66090 threeDSRequired, 66091 threeDSMD,
66092 threeDSPaRes, 66093 threeDSECI, 66094 threeDSCAVV, 66095 threeDSXID,
66096 threeDSEnrolled, 66097 threeDSAuthenticated, 66098 threeDSCheckPref, 66099 cv2CheckPref,
66100 addressCheckPref, 66101 postcodeCheckPref, 66102 captureDelay, 66103 orderDate,
66104 grossAmount, 66105 netAmount, 66106 taxRate, 66107 taxReason, 66108 surchargeRules,
66110 statementNarrative1, 66111 statementNarrative2, 66112 merchantName,
66113 merchantCompany, 66114 merchantAddress, 66115 merchantTown, 66116 merchantPostcode,
66117 merchantCountryCode, 66118 merchantPhone, 66119 merchantMobile, 66120 merchantEmail,
66121 merchantWebsite, 66122 merchantOrderRef, 66123 merchantCustomerRef, 66125 merchantType,
66127 merchantCategoryCode, 66128 supplierName, 66129 supplierCompany, 66130 supplierAddress,
66131 supplierTown, 66132 supplierPostcode, 66133 supplierCountryCode, 66134 supplierPhone,
66135 supplierMobile, 66136 supplierEmail, 66137 supplierCounty, 66138 customerCompany,
66139 customerTown, 66140 customerCountryCode, 66141 customerMobile, 66142 customerCounty,
66143 merchantCounty, 66144 customerOrderRef, 66145 customerMerchantRef,
66146 customerVatNumber, 66147 customerDateOfBirth, 66148 deliveryName, 66149 deliveryCompany,
66150 deliveryAddress, 66151 deliveryTown, 66152 deliveryPostcode, 66153 deliveryCountryCode,
66154 deliveryPhone, 66155 deliveryMobile, 66156 deliveryEmail, 66158 deliveryCounty,
66159 deliveryFax, 66160 cardExpiryDate, 66161 cardStartDate, 66164 items,
66165 itemGrossAmount, 66166 itemNetAmount, 66167 itemProductCode, 66168 itemCommodityCode,
66169 itemUnitOfMeasure, 66170 itemUnitAmount, 66171 itemDiscountAmount,
66172 itemDiscountReason, 66173 itemTaxRate, 66174 itemTaxAmount, 66175 itemTaxReason,
66176 shippingTrackingRef, 66177 shippingMethod, 66178 shippingAmount, 66179 shippingNetAmount,
66180 shippingGrossAmount, 66181 shippingTaxRate, 66182 shippingTaxAmount,
66183 shippingTaxReason, 66184 shippingDiscountAmount, 66185 shippingDiscoutReason,
66192 walletID, 66193 walletName, 66194 walletDesc, 66195 walletData, 66196 cardID,
66197 cardName, 66198 cardDesc, 66199 cardData, 66200 customerAddressID,
66201 customerAddressName, 66202 customerAddressDesc, 66203 customerAddressData,
66204 deliveryAddressID, 66205 deliveryAddressName, 66206 deliveryAddressDesc,
66207 deliveryAddressData, 66208 walletOwnerRef, 66209 cardToken, 66210 masterPassData,
66212 masterPassCheckoutOptions, 66213 masterPassCallbackURL, 66214 masterPassCheckoutURL,
66215 masterPassToken, 66216 masterPassVerifier, 66217 masterPassResourceURL,
66218 masterPassStatus, 66219 masterPassWalletID, 66220 handlingAmount, 66221 insuranceAmount,
66222 paymentMethod, 66223 paymentToken, 66256 receiverName, 66257 receiverCompany,
66258 receiverAddress, 66259 receiverTown, 66260 receiverPostCode, 66261 receiverCountryCode,
66262 receiverPhone, 66263 receiverMobile, 66264 receiverEmail, 66265 receiverDateOfBirth,
66266 receiverAccountNo, 66267 receiverCounty, 66268 receiverFax, 66269 customerFax,
66270 rtScheduleType, 66271 rtSchedule, 66272 rtID, 66273 rtName, 66274 rtDescription,
66275 rtPolicyRef, 66276 rtMerchantID, 66277 rtStartDate, 66278 rtInitialDate,
66279 rtInitialAmount, 66280 rtFinalDate, 66281 rtFinalAmount, 66282 rtCycleAmount,
66283 rtCycleDuration, 66284 rtCycleDurationUnit, 66285 rtCycleCount, 66286 rtMerchantData,
66287 rtCloneFields, 66288 checkoutRef, 66289 checkoutRedirectURL, 66290 checkoutOptions,
66291 checkoutRequest, 66292 checkoutResponse, 66293 rtAgreementType, 66294 rtSequenceNumber,
66295 rtSequenceCount, 66296 itemProductURL, 66297 itemImageURL, 66298 itemSize,
66299 itemWeight, 66300 riskCheckPref, 66301 riskCheckOptions, 66302 cloneFields,
66303 customField, 66560 dccRef, 66561 dccProvider, 66562 dccRate, 66563 dccMargin,
66564 dccCommission, 66565 dccSource, 66566 dccCreated, 66567 dccExpires,
66568 dccCurrencyCode, 66569 dccAmount, 66570 dccAccepted, 66592 threeDSRef,
66593 threeDSVersion, 66594 threeDSRedirectURL, 66595 threeDSOptions, 66596 threeDSDetails,
66597 threeDSURL, 66598 threeDSRequest, 66599 threeDSResponse, 66600 threeDSPolicy,
66608 scaExemption, 66628 riskCheckPref, 66656 deviceType, 66657 deviceChannel,
66658 deviceIdentity, 66659 deviceTimeZone, 66660 deviceCapabilities,
66661 deviceAcceptContent, 66662 deviceAcceptCharset, 66663 deviceAcceptEncoding,
66664 deviceAcceptLanguage, 66665 deviceScreenResolution, 66666 deviceOperatingSystem,
66688 initiator, 66689 acquirerOptions
`
    .trim()
    .split(/,\s+/)
    .map((row) => [Number(row.split(' ')[0]), row.split(' ')[1] ?? '']),
);
