/**
 * TABLE: the types of tax ids, and what a value of each looks like: Stripe's list
 * (https://docs.stripe.com/billing/customer/tax-ids#supported-tax-id) with its examples read as
 * formats. A format only catches typing errors; whether a number was ever issued is another
 * question, which nobody here asks of the registers.
 */
import type Stripe from 'stripe';

type Known<T> = T extends string ? (string extends T ? never : T) : never;

export type TaxIdType = Known<Stripe.TaxIdCreateParams.Type>;

const digits = (...lengths: readonly number[]): RegExp =>
  new RegExp(`^(?:${lengths.map((length) => String.raw`\d{${length}}`).join('|')})$`);

/** Where no format is published: letters, digits and what separates them. */
const ANY = /^[\p{L}\d][\p{L}\d ./&-]{2,49}$/u;

/** After the two letters of the country, per https://ec.europa.eu/taxation_customs/vies (FAQ, Q11). */
const EU_VAT: Readonly<Record<string, string>> = {
  AT: String.raw`U\d{8}`,
  BE: String.raw`[01]\d{9}`,
  BG: String.raw`\d{9,10}`,
  CY: String.raw`\d{8}[A-Z]`,
  CZ: String.raw`\d{8,10}`,
  DE: String.raw`\d{9}`,
  DK: String.raw`\d{8}`,
  EE: String.raw`\d{9}`,
  EL: String.raw`\d{9}`,
  ES: String.raw`[A-Z\d]\d{7}[A-Z\d]`,
  FI: String.raw`\d{8}`,
  FR: String.raw`[A-HJ-NP-Z\d]{2}\d{9}`,
  HR: String.raw`\d{11}`,
  HU: String.raw`\d{8}`,
  IE: String.raw`\d[A-Z\d+*]\d{5}[A-Z]{1,2}`,
  IT: String.raw`\d{11}`,
  LT: String.raw`(?:\d{9}|\d{12})`,
  LU: String.raw`\d{8}`,
  LV: String.raw`\d{11}`,
  MT: String.raw`\d{8}`,
  NL: String.raw`\d{9}B\d{2}`,
  PL: String.raw`\d{10}`,
  PT: String.raw`\d{9}`,
  RO: String.raw`\d{2,10}`,
  SE: String.raw`\d{12}`,
  SI: String.raw`\d{8}`,
  SK: String.raw`\d{10}`,
  /** Northern Ireland, for goods. */
  XI: String.raw`(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})`,
};

const euVat = new RegExp(
  `^(?:${Object.entries(EU_VAT)
    .map(([country, rest]) => country + rest)
    .join('|')})$`,
);

export const FORMATS = {
  ad_nrt: /^[A-Z]-?\d{6}-?[A-Z]$/,
  ae_trn: digits(15),
  al_tin: /^[A-Z]\d{8}[A-Z]$/,
  am_tin: digits(8),
  ao_tin: /^(?:\d{10}|\d{9}[A-Z]{2}\d{3})$/,
  ar_cuit: /^\d{2}-?(?:\d{7}-?\d{2}|\d{8}-?\d)$/,
  au_abn: digits(11),
  au_acn: digits(9),
  au_arn: digits(12),
  au_wpn: ANY,
  aw_tin: digits(8),
  az_tin: digits(10),
  ba_tin: digits(12),
  bb_tin: digits(13),
  bd_bin: /^\d{9}-?\d{4}$/,
  bf_ifu: /^\d{8}[A-Z]$/,
  bg_uic: digits(9, 13),
  bh_vat: digits(15),
  bj_ifu: digits(13),
  bo_tin: /^\d{6,12}$/,
  // Since July 2026 a new number may have letters in all but its last two places.
  br_cnpj: /^[A-Z\d]{2}\.?[A-Z\d]{3}\.?[A-Z\d]{3}\/?[A-Z\d]{4}-?\d{2}$/,
  br_cpf: /^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$/,
  bs_tin: /^\d{3}\.?\d{3}\.?\d{3}$/,
  bw_vat: ANY,
  by_tin: digits(9),
  ca_bn: digits(9),
  ca_gst_hst: /^\d{9}RT\d{4}$/,
  ca_pst_bc: /^PST-?\d{4}-?\d{4}$/,
  ca_pst_mb: /^\d{6}-?\d$/,
  ca_pst_sk: digits(7),
  ca_qst: /^\d{10}TQ\d{4}$/,
  cd_nif: /^[A-Z]\d{7}[A-Z]$/,
  ch_uid: /^CHE-?\d{3}\.?\d{3}\.?\d{3}(?: HR)?$/,
  ch_vat: /^CHE-?\d{3}\.?\d{3}\.?\d{3} ?(?:MWST|TVA|IVA)$/,
  ci_vat: ANY,
  cl_tin: /^\d{1,2}\.?\d{3}\.?\d{3}-?[\dK]$/,
  cm_niu: /^[A-Z]\d{12}[A-Z]$/,
  cn_tin: /^[A-Z\d]{15,20}$/,
  co_nit: /^\d{3}\.?\d{3}\.?\d{3}-?\d$/,
  cr_tin: /^\d-?\d{3}-?\d{6}$/,
  cv_nif: digits(9),
  cz_dic: ANY,
  de_stn: /^(?:\d{10,13}|\d{2,3}\/\d{3,4}\/\d{4,5})$/,
  do_rcn: /^\d{3}-?\d{7}-?\d$/,
  ec_ruc: digits(13),
  eg_tin: digits(9),
  es_cif: /^[A-Z]\d{7}[A-Z\d]$/,
  et_tin: digits(10),
  eu_oss_vat: /^EU\d{9}$/,
  eu_vat: euVat,
  fo_vat: ANY,
  fr_siren: digits(9),
  fr_siret: digits(14),
  fr_spi: digits(13),
  gb_vat: /^GB(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
  ge_vat: digits(9),
  gh_tin: ANY,
  gi_tin: ANY,
  gn_nif: digits(9),
  hk_br: digits(8),
  hr_oib: digits(11),
  hu_tin: /^\d{8}-?\d-?\d{2}$/,
  ic_nif: ANY,
  id_npwp: /^(?:\d{2,3}\.?\d{3}\.?\d{3}\.?\d-?\d{3}\.?\d{3}|\d{16})$/,
  il_vat: digits(9),
  in_gst: /^\d{2}[A-Z]{5}\d{4}[A-Z][A-Z\d]Z[A-Z\d]$/,
  is_kt: /^\d{6}-?\d{4}$/,
  is_vat: digits(5, 6),
  it_cf: /^(?:[A-Z\d]{16}|\d{11})$/,
  jp_cn: digits(13),
  jp_rn: digits(5),
  jp_trn: /^T\d{13}$/,
  ke_pin: /^[A-Z]\d{9}[A-Z]$/,
  kg_tin: digits(14),
  kh_tin: /^\d{4}-?\d{9}$/,
  kr_brn: /^\d{3}-?\d{2}-?\d{5}$/,
  kz_bin: digits(12),
  la_tin: /^\d{9}-?\d{3}$/,
  li_uid: /^CHE-?\d{3}\.?\d{3}\.?\d{3}$/,
  li_vat: digits(5),
  lk_vat: ANY,
  ma_vat: digits(8),
  md_cf: ANY,
  md_vat: digits(7),
  me_pib: digits(8),
  mk_vat: /^MK\d{13}$/,
  mr_nif: digits(8),
  mu_vat: ANY,
  mx_rfc: /^[A-ZÑ&]{3,4}\d{6}[A-Z\d]{3}$/,
  my_frp: digits(8),
  my_itn: /^[A-Z]{1,2} ?\d{10,12}$/,
  my_sst: /^[A-Z]\d{2}-?\d{4}-?\d{8}$/,
  mz_nuit: digits(9),
  ng_tin: /^\d{8}-?\d{4}$/,
  no_vat: /^\d{9}MVA$/,
  no_voec: digits(7),
  np_pan: digits(9),
  nz_bn: digits(13),
  nz_gst: digits(8, 9),
  om_vat: /^OM\d{10}$/,
  pe_ruc: digits(11),
  ph_tin: digits(9, 12),
  pl_nip: digits(10),
  pt_nif: digits(9),
  py_ruc: ANY,
  ro_tin: digits(13),
  rs_pib: digits(9),
  ru_inn: digits(10, 12),
  ru_kpp: digits(9),
  sa_vat: digits(15),
  sg_gst: /^[A-Z]?\d{8,9}[A-Z]$/,
  sg_uen: /^(?:\d{8,9}[A-Z]|[A-Z]\d{2}[A-Z\d]{2}\d{4}[A-Z])$/,
  si_tin: digits(8),
  sm_coe: ANY,
  sn_ninea: /^\d{7,8}[A-Z\d]{2}\d?$/,
  sr_fin: digits(10),
  sv_nit: /^\d{4}-?\d{6}-?\d{3}-?\d$/,
  th_vat: digits(13),
  tj_tin: digits(9),
  tr_tin: digits(10),
  tt_bir: ANY,
  tt_vat: ANY,
  tw_vat: digits(8),
  tz_vat: /^\d{8}[A-Z]$/,
  ua_vat: digits(9, 12),
  ug_tin: digits(10),
  us_ein: /^\d{2}-?\d{7}$/,
  uy_ruc: digits(12),
  uz_tin: digits(9),
  uz_vat: digits(12),
  ve_rif: /^[A-Z]-?\d{8}-?\d$/,
  vn_tin: /^\d{10}(?:-?\d{3})?$/,
  za_vat: digits(10),
  zm_tin: digits(10),
  zw_tin: digits(10),
} satisfies Record<TaxIdType, RegExp>;

export const TAX_ID_TYPES = Object.keys(FORMATS) as [TaxIdType, ...TaxIdType[]];

/** Whether a value can be a tax id of the type. The registers are not asked. */
export const hasFormat = (type: TaxIdType, value: string): boolean => FORMATS[type].test(value);

/** Of `eu_vat`, where the letters are not the country's: Greece, and Northern Ireland. */
const COUNTRY_OF_PREFIX: Readonly<Record<string, string>> = { EL: 'GR', XI: 'GB' };

/** Whose tax id it is: two capital letters. A value of `eu_vat` names its country itself. */
export function countryOf(type: TaxIdType, value: string): string {
  const letters = (type === 'eu_vat' ? value : type).slice(0, 2).toUpperCase();
  return COUNTRY_OF_PREFIX[letters] ?? letters;
}
