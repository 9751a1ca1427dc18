/**
 * Where an invoice is paid. The address is all that a payer needs: it holds a signature of the
 * invoice's id, which nobody can guess, so nothing about it is stored.
 * https://docs.stripe.com/invoicing/hosted-invoice-page
 */
import type { Caller } from '@/server/kernel/context';
import { isSigned, sign } from '@/server/kernel/secrets';

const signedOf = ({ projectId, livemode }: Caller, id: string): string =>
  JSON.stringify(['invoice', projectId, livemode, id]);

/** The address of an invoice's page. There is nothing to be seen while it is a draft. */
export function hostedUrlOf(caller: Caller, id: string): string {
  const { origin, livemode, projectId, keyring } = caller;
  const mode = livemode ? 'live' : 'test';
  return `${origin}/invoice/${mode}/${projectId}/${id}/${sign(keyring, signedOf(caller, id))}`;
}

/** The address of the same invoice on paper. */
export const pdfUrlOf = (caller: Caller, id: string): string => `${hostedUrlOf(caller, id)}/pdf`;

/** Whether the signature is the one in the addresses of the invoice's page and document. */
export const isAddressOf = (caller: Caller, id: string, signature: string): boolean =>
  isSigned(caller.keyring, signedOf(caller, id), signature);
