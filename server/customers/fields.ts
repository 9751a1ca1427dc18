/** What a request says about a customer, over what the customer was. Pure. */
import type { NewRow } from '@/db/rows';
import type { customers, CustomerInvoiceSettings } from '@/db/schema/customers';
import { mergeMetadata } from '@/server/kernel/metadata';
import type { CustomerFields } from './params';

type Row = NewRow<typeof customers>;

/** The columns that a request can set. */
export type Settable = Pick<
  Row,
  | 'address'
  | 'business_name'
  | 'description'
  | 'email'
  | 'individual_name'
  | 'invoice_prefix'
  | 'invoice_settings'
  | 'metadata'
  | 'name'
  | 'next_invoice_sequence'
  | 'phone'
  | 'preferred_locales'
  | 'shipping'
  | 'tax_exempt'
  | 'tax_ip_address'
>;

/** Of a customer about whom nothing was said. The prefix is the caller's to make. */
export const unsaid = (invoice_prefix: string): Settable => ({
  address: null,
  business_name: null,
  description: null,
  email: null,
  individual_name: null,
  invoice_prefix,
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null,
    footer: null,
    rendering_options: null,
  },
  metadata: {},
  name: null,
  next_invoice_sequence: 1,
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
  tax_ip_address: null,
});

interface Said extends CustomerFields {
  tax?: { ip_address?: string | null | undefined } | undefined;
}

/** What was not sent stays; an empty string, which is null here, unsets. */
export const fieldsAfter = (before: Settable, said: Said): Settable => ({
  address: or(said.address, before.address),
  business_name: or(said.business_name, before.business_name),
  description: or(said.description, before.description),
  email: or(said.email, before.email),
  individual_name: or(said.individual_name, before.individual_name),
  invoice_prefix: or(said.invoice_prefix, before.invoice_prefix),
  invoice_settings: settingsAfter(before.invoice_settings, said.invoice_settings),
  metadata: mergeMetadata(before.metadata, said.metadata),
  name: or(said.name, before.name),
  next_invoice_sequence: or(said.next_invoice_sequence, before.next_invoice_sequence),
  phone: or(said.phone, before.phone),
  preferred_locales: or(said.preferred_locales, before.preferred_locales) ?? [],
  shipping: or(said.shipping, before.shipping),
  tax_exempt: or(said.tax_exempt, before.tax_exempt) ?? 'none',
  tax_ip_address: or(said.tax?.ip_address, before.tax_ip_address),
});

function settingsAfter(
  before: CustomerInvoiceSettings,
  said: CustomerFields['invoice_settings'],
): CustomerInvoiceSettings {
  if (said === undefined) return before;
  const { rendering_options } = said;
  return {
    custom_fields: or(said.custom_fields, before.custom_fields),
    default_payment_method: or(said.default_payment_method, before.default_payment_method),
    footer: or(said.footer, before.footer),
    rendering_options:
      rendering_options === undefined || rendering_options === null
        ? or(rendering_options, before.rendering_options)
        : { amount_tax_display: rendering_options.amount_tax_display ?? null, template: null },
  };
}

const or = <Said, Before>(said: Said | undefined, before: Before): Said | Before =>
  said === undefined ? before : said;
