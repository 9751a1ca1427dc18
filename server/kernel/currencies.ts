/**
 * TABLE: the currencies one can charge in, by ISO 4217 code in lower case: those of
 * https://docs.stripe.com/currencies with the exponents, steps and minimums of the same page.
 *
 * The exponent is the API's, not ISO 4217's. Two currencies gave up their fractions (isk, ugx) and
 * Stripe still counts them in hundredths, which must be zero: 5 ISK is the amount 500. Its list of
 * zero-decimal currencies names ugx all the same; its "special cases" and its API do not. Of the
 * currencies with thousandths, the card networks take no last digit but zero.
 */
export interface Currency {
  /** ISO 4217's three digits, by which gateways know it. */
  readonly numeric: string;
  /** Decimal places between the amount (minor unit) and the major unit. */
  readonly exponent: 0 | 2 | 3;
  /** The least that can be charged, in the minor unit, where Stripe documents one. */
  readonly minimum?: number;
  /** Charged amounts are multiples of this, in the minor unit. One where it is not said. */
  readonly step?: number;
}

export const CURRENCIES: Readonly<Record<string, Currency>> = {
  aed: { numeric: '784', exponent: 2, minimum: 200 },
  afn: { numeric: '971', exponent: 2 },
  all: { numeric: '008', exponent: 2 },
  amd: { numeric: '051', exponent: 2 },
  ang: { numeric: '532', exponent: 2 },
  aoa: { numeric: '973', exponent: 2 },
  ars: { numeric: '032', exponent: 2, minimum: 50 },
  aud: { numeric: '036', exponent: 2, minimum: 50 },
  awg: { numeric: '533', exponent: 2 },
  azn: { numeric: '944', exponent: 2 },
  bam: { numeric: '977', exponent: 2 },
  bbd: { numeric: '052', exponent: 2 },
  bdt: { numeric: '050', exponent: 2 },
  bgn: { numeric: '975', exponent: 2 },
  bhd: { numeric: '048', exponent: 3, step: 10 },
  bif: { numeric: '108', exponent: 0 },
  bmd: { numeric: '060', exponent: 2 },
  bnd: { numeric: '096', exponent: 2 },
  bob: { numeric: '068', exponent: 2 },
  brl: { numeric: '986', exponent: 2, minimum: 50 },
  bsd: { numeric: '044', exponent: 2 },
  bwp: { numeric: '072', exponent: 2 },
  byn: { numeric: '933', exponent: 2 },
  bzd: { numeric: '084', exponent: 2 },
  cad: { numeric: '124', exponent: 2, minimum: 50 },
  cdf: { numeric: '976', exponent: 2 },
  chf: { numeric: '756', exponent: 2, minimum: 50 },
  clp: { numeric: '152', exponent: 0 },
  cny: { numeric: '156', exponent: 2 },
  cop: { numeric: '170', exponent: 2, minimum: 50 },
  crc: { numeric: '188', exponent: 2 },
  cve: { numeric: '132', exponent: 2 },
  czk: { numeric: '203', exponent: 2, minimum: 1500 },
  djf: { numeric: '262', exponent: 0 },
  dkk: { numeric: '208', exponent: 2, minimum: 250 },
  dop: { numeric: '214', exponent: 2 },
  dzd: { numeric: '012', exponent: 2 },
  egp: { numeric: '818', exponent: 2 },
  etb: { numeric: '230', exponent: 2 },
  eur: { numeric: '978', exponent: 2, minimum: 50 },
  fjd: { numeric: '242', exponent: 2 },
  fkp: { numeric: '238', exponent: 2 },
  gbp: { numeric: '826', exponent: 2, minimum: 30 },
  gel: { numeric: '981', exponent: 2 },
  gip: { numeric: '292', exponent: 2 },
  gmd: { numeric: '270', exponent: 2 },
  gnf: { numeric: '324', exponent: 0 },
  gtq: { numeric: '320', exponent: 2 },
  gyd: { numeric: '328', exponent: 2 },
  hkd: { numeric: '344', exponent: 2, minimum: 400 },
  hnl: { numeric: '340', exponent: 2 },
  htg: { numeric: '332', exponent: 2 },
  huf: { numeric: '348', exponent: 2, minimum: 17500 },
  idr: { numeric: '360', exponent: 2, minimum: 50 },
  ils: { numeric: '376', exponent: 2, minimum: 50 },
  inr: { numeric: '356', exponent: 2, minimum: 50 },
  isk: { numeric: '352', exponent: 2, step: 100 },
  jmd: { numeric: '388', exponent: 2 },
  jod: { numeric: '400', exponent: 3, step: 10 },
  jpy: { numeric: '392', exponent: 0, minimum: 50 },
  kes: { numeric: '404', exponent: 2 },
  kgs: { numeric: '417', exponent: 2 },
  khr: { numeric: '116', exponent: 2 },
  kmf: { numeric: '174', exponent: 0 },
  krw: { numeric: '410', exponent: 0, minimum: 50 },
  kwd: { numeric: '414', exponent: 3, step: 10 },
  kyd: { numeric: '136', exponent: 2 },
  kzt: { numeric: '398', exponent: 2 },
  lak: { numeric: '418', exponent: 2 },
  lbp: { numeric: '422', exponent: 2 },
  lkr: { numeric: '144', exponent: 2 },
  lrd: { numeric: '430', exponent: 2 },
  lsl: { numeric: '426', exponent: 2 },
  mad: { numeric: '504', exponent: 2 },
  mdl: { numeric: '498', exponent: 2 },
  mga: { numeric: '969', exponent: 0 },
  mkd: { numeric: '807', exponent: 2 },
  mmk: { numeric: '104', exponent: 2 },
  mnt: { numeric: '496', exponent: 2 },
  mop: { numeric: '446', exponent: 2 },
  mur: { numeric: '480', exponent: 2 },
  mvr: { numeric: '462', exponent: 2 },
  mwk: { numeric: '454', exponent: 2 },
  mxn: { numeric: '484', exponent: 2, minimum: 1000 },
  myr: { numeric: '458', exponent: 2, minimum: 200 },
  mzn: { numeric: '943', exponent: 2 },
  nad: { numeric: '516', exponent: 2 },
  ngn: { numeric: '566', exponent: 2 },
  nio: { numeric: '558', exponent: 2 },
  nok: { numeric: '578', exponent: 2, minimum: 300 },
  npr: { numeric: '524', exponent: 2 },
  nzd: { numeric: '554', exponent: 2, minimum: 50 },
  omr: { numeric: '512', exponent: 3, step: 10 },
  pab: { numeric: '590', exponent: 2 },
  pen: { numeric: '604', exponent: 2 },
  pgk: { numeric: '598', exponent: 2 },
  php: { numeric: '608', exponent: 2, minimum: 50 },
  pkr: { numeric: '586', exponent: 2 },
  pln: { numeric: '985', exponent: 2, minimum: 200 },
  pyg: { numeric: '600', exponent: 0 },
  qar: { numeric: '634', exponent: 2 },
  ron: { numeric: '946', exponent: 2, minimum: 200 },
  rsd: { numeric: '941', exponent: 2 },
  rub: { numeric: '643', exponent: 2, minimum: 50 },
  rwf: { numeric: '646', exponent: 0 },
  sar: { numeric: '682', exponent: 2 },
  sbd: { numeric: '090', exponent: 2 },
  scr: { numeric: '690', exponent: 2 },
  sek: { numeric: '752', exponent: 2, minimum: 300 },
  sgd: { numeric: '702', exponent: 2, minimum: 50 },
  shp: { numeric: '654', exponent: 2 },
  sle: { numeric: '925', exponent: 2 },
  sos: { numeric: '706', exponent: 2 },
  srd: { numeric: '968', exponent: 2 },
  std: { numeric: '678', exponent: 2 },
  szl: { numeric: '748', exponent: 2 },
  thb: { numeric: '764', exponent: 2, minimum: 1000 },
  tjs: { numeric: '972', exponent: 2 },
  tnd: { numeric: '788', exponent: 3, step: 10 },
  top: { numeric: '776', exponent: 2 },
  try: { numeric: '949', exponent: 2 },
  ttd: { numeric: '780', exponent: 2 },
  twd: { numeric: '901', exponent: 2 },
  tzs: { numeric: '834', exponent: 2 },
  uah: { numeric: '980', exponent: 2 },
  ugx: { numeric: '800', exponent: 2, step: 100 },
  usd: { numeric: '840', exponent: 2, minimum: 50 },
  uyu: { numeric: '858', exponent: 2 },
  uzs: { numeric: '860', exponent: 2 },
  vnd: { numeric: '704', exponent: 0 },
  vuv: { numeric: '548', exponent: 0 },
  wst: { numeric: '882', exponent: 2 },
  xaf: { numeric: '950', exponent: 0 },
  xcd: { numeric: '951', exponent: 2 },
  xof: { numeric: '952', exponent: 0 },
  xpf: { numeric: '953', exponent: 0 },
  yer: { numeric: '886', exponent: 2 },
  zar: { numeric: '710', exponent: 2, minimum: 50 },
  zmw: { numeric: '967', exponent: 2 },
};

/** Whether one can charge in it. Codes are in lower case here; the wire accepts either. */
export const isCurrency = (code: string): boolean => Object.hasOwn(CURRENCIES, code);

/**
 * The table's row.
 *
 * @throws RangeError for a code that nobody checked with `isCurrency`.
 */
export function currencyOf(code: string): Currency {
  const currency = isCurrency(code) ? CURRENCIES[code] : undefined;
  if (currency === undefined) throw new RangeError(`${code} is not a currency of the table.`);
  return currency;
}

/** The least that can be charged, in the minor unit; 1 where Stripe documents no minimum. */
export const minimumCharge = (code: string): number => currencyOf(code).minimum ?? 1;

/**
 * An amount (minor unit) for a person, with the symbol of the currency: `£0.30`, `¥50`. A currency
 * without a symbol shows its code: `AED 2.00`.
 */
export const formatMoney = (amount: number, currency: string): string =>
  formatDecimal(String(amount), currency);

/**
 * A price in decimals of the minor unit, with all the places that it has and no fewer than the
 * currency's: a tenth of a penny is `£0.001`.
 */
export function formatDecimal(amount: string, currency: string): string {
  const { exponent } = currencyOf(currency);
  const places = amount.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent + places,
  });
  // As text, because `30e-2` is exact where 30 / 100 would pass through a float.
  return format.format(`${amount}e-${exponent}` as `${number}`).replaceAll('\u00a0', ' ');
}

/** As Stripe's messages name an amount (minor unit), without doubt about whose dollar: `£0.30 gbp`. */
export function formatAmount(amount: number, currency: string): string {
  const money = formatMoney(amount, currency);
  return money.includes(currency.toUpperCase()) ? money : `${money} ${currency}`;
}
