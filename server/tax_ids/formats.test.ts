import { describe, expect, it } from 'vitest';
import { countryOf, hasFormat, type TaxIdType } from './formats';

/** Stripe's own examples: https://docs.stripe.com/billing/customer/tax-ids#supported-tax-id */
const EXAMPLES: readonly [TaxIdType, string][] = [
  ['ad_nrt', 'A-123456-Z'],
  ['ae_trn', '123456789012345'],
  ['ar_cuit', '12-3456789-01'],
  ['au_abn', '12345678912'],
  ['br_cnpj', '01.234.456/5432-10'],
  ['br_cpf', '123.456.789-87'],
  ['ca_gst_hst', '123456789RT0002'],
  ['ca_pst_bc', 'PST-1234-5678'],
  ['ca_qst', '1234567890TQ1234'],
  ['ch_uid', 'CHE-123.456.789 HR'],
  ['ch_vat', 'CHE-123.456.789 MWST'],
  ['cl_tin', '12.345.678-K'],
  ['es_cif', 'A12345678'],
  ['eu_oss_vat', 'EU123456789'],
  ['eu_vat', 'ATU12345678'],
  ['eu_vat', 'BE0123456789'],
  ['eu_vat', 'CY12345678Z'],
  ['eu_vat', 'DE123456789'],
  ['eu_vat', 'EL123456789'],
  ['eu_vat', 'ESA1234567Z'],
  ['eu_vat', 'FRAB123456789'],
  ['eu_vat', 'IE1234567AB'],
  ['eu_vat', 'LT123456789123'],
  ['eu_vat', 'NL123456789B12'],
  ['eu_vat', 'SE123456789123'],
  ['eu_vat', 'XI123456789'],
  ['gb_vat', 'GB123456789'],
  ['hu_tin', '12345678-1-23'],
  ['id_npwp', '012.345.678.9-012.345'],
  ['in_gst', '12ABCDE3456FGZH'],
  ['jp_trn', 'T1234567891234'],
  ['ke_pin', 'P000111111A'],
  ['mx_rfc', 'ABC010203AB9'],
  ['my_sst', 'A12-3456-78912345'],
  ['no_vat', '123456789MVA'],
  ['nz_gst', '123456789'],
  ['sg_gst', 'M12345678X'],
  ['sg_uen', '123456789F'],
  ['sv_nit', '1234-567890-123-4'],
  ['us_ein', '12-3456789'],
  ['ve_rif', 'A-12345678-9'],
  ['za_vat', '4123456789'],
];

describe('the format of a tax id', () => {
  it.each(EXAMPLES)('takes the documented example of %s, %s', (type, value) => {
    expect(hasFormat(type, value)).toBe(true);
  });

  it.each<[TaxIdType, string, string]>([
    ['gb_vat', '123456789', 'no country'],
    ['gb_vat', 'GB12345678', 'a digit short'],
    ['eu_vat', 'GB123456789', 'a country that left'],
    ['eu_vat', 'DE1234567890', 'a digit over'],
    ['eu_vat', ' DE123456789', 'a space before'],
    ['us_ein', '123-456789', 'the hyphen elsewhere'],
    ['ch_vat', 'CHE-123.456.789', 'no suffix'],
    ['au_abn', '1234567891A', 'a letter'],
    ['gi_tin', '', 'nothing at all'],
    ['gi_tin', '<script>', 'what no number has'],
  ])('refuses for %s the value "%s": %s', (type, value) => {
    expect(hasFormat(type, value)).toBe(false);
  });
});

describe('the country of a tax id', () => {
  it('is that of the type', () => {
    expect(countryOf('us_ein', '12-3456789')).toBe('US');
    expect(countryOf('gb_vat', 'GB123456789')).toBe('GB');
  });

  it('is in the value where the type is for all of Europe', () => {
    expect(countryOf('eu_vat', 'DE123456789')).toBe('DE');
    expect(countryOf('eu_vat', 'EL123456789')).toBe('GR');
    expect(countryOf('eu_vat', 'XI123456789')).toBe('GB');
  });
});
