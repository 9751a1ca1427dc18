/** Who asks, who is asked, and where it went. */
import type Stripe from 'stripe';
import type { Facts } from './facts';

export interface Party {
  readonly title: string;
  readonly name: string | null;
  readonly lines: readonly string[];
}

type Address = Pick<
  Stripe.Address,
  'city' | 'country' | 'line1' | 'line2' | 'postal_code' | 'state'
>;

/** Whose invoice it is, and how they are reached. */
export interface Issuer {
  readonly name: string;
  readonly lines: readonly string[];
}

export function issuerOf({ name, settings, account_tax_ids }: Facts): Issuer {
  const { support_address, support_email, support_phone, support_url, url } = settings;
  return {
    name,
    lines: given([
      ...addressOf(support_address),
      support_email,
      support_phone,
      url ?? support_url,
      ...account_tax_ids.map(taxIdOf),
    ]),
  };
}

/** Who is to pay, and where it went. */
export function partiesOf({ invoice }: Facts): Party[] {
  const shipping = invoice.shipping_details ?? invoice.customer_shipping;
  return [
    {
      title: 'Bill to',
      name: invoice.customer_name ?? invoice.customer_email,
      lines: given([
        ...addressOf(invoice.customer_address),
        invoice.customer_phone,
        invoice.customer_name === null ? null : invoice.customer_email,
        ...(invoice.customer_tax_ids ?? []).map(taxIdOf),
      ]),
    },
    ...(shipping === null || shipping === undefined
      ? []
      : [
          {
            title: 'Ship to',
            name: shipping.name ?? null,
            lines: given([...addressOf(shipping.address ?? null), shipping.phone ?? null]),
          },
        ]),
  ];
}

const given = (lines: readonly (string | null | undefined)[]): string[] =>
  lines.flatMap((line) => (line === null || line === undefined || line.trim() === '' ? [] : line));

const COUNTRIES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** As most of the world writes it; the country by its name, in English. */
const addressOf = (address: Partial<Address> | null): (string | null)[] =>
  address === null
    ? []
    : [
        address.line1 ?? null,
        address.line2 ?? null,
        given([address.city, address.state, address.postal_code]).join(', '),
        countryOf(address.country ?? null),
      ];

const countryOf = (code: string | null): string | null =>
  code !== null && /^[A-Z]{2}$/.test(code) ? (COUNTRIES.of(code) ?? code) : code;

/** `gb_vat` is the VAT number of Great Britain. */
const taxIdOf = ({ type, value }: { type: string; value: string | null }): string =>
  `${type.replaceAll('_', ' ').toUpperCase()} ${value ?? ''}`.trim();
