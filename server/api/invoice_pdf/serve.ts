/**
 * The document of an invoice, at the address of its page with `/pdf` behind it: `invoice_pdf`.
 * https://docs.stripe.com/api/invoices/object#invoice_object-invoice_pdf
 */
import type Stripe from 'stripe';
import type { Scope } from '@/server/kernel/context';
import { contentOf } from './content';
import { factsOf, logoOf, type Facts } from './facts';
import { render, type Paper } from './render';

export interface Document {
  readonly bytes: Buffer;
  readonly name: string;
}

/**
 * The invoice of an address on paper; null where nobody was given that address.
 *
 * @param gone whoever asks does not wait for it any more.
 * @throws Busy where too many are asked for.
 */
export async function documentOf(
  scope: Scope,
  [id, signature]: readonly [id: string, signature: string],
  gone: AbortSignal,
): Promise<Document | null> {
  const facts = await factsOf(scope, id, signature);
  if (facts === null) return null;
  const paper = {
    size: sizeOf(facts),
    made: scope.now,
    colour: facts.settings.branding.primary_color,
    logo: await logoOf(scope, facts),
  };
  const bytes = await render(contentOf(facts), paper, gone);
  return { bytes, name: nameOf(facts.invoice) };
}

/** Where paper is Letter. https://unicode.org/reports/tr35/tr35-general.html#Measurement_System_Elements */
const LETTER = new Set('BZ CA CL CO CR GT MX NI PA PH PR SV US VE'.split(' '));

/** As the invoice says; else as printers have it where its customer is, or the merchant. */
function sizeOf({ invoice }: Facts): Paper['size'] {
  const size = invoice.rendering?.pdf?.page_size ?? 'auto';
  if (isSize(size)) return size;
  const country = invoice.customer_address?.country ?? invoice.account_country ?? '';
  return LETTER.has(country) ? 'letter' : 'a4';
}

const isSize = (size: string): size is Paper['size'] => size === 'a4' || size === 'letter';

/** A merchant may give numbers of any signs; a name of a file has fewer. */
const nameOf = ({ number, id }: Stripe.Invoice): string =>
  `Invoice-${(number ?? id).replaceAll(/[^\w.-]+/g, '-')}.pdf`;
