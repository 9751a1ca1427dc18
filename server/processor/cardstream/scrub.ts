/**
 * What of a message may be logged. It is a list of what may, not of what may not: a field that
 * nobody thought of stays out. So card, payer, tokens, passwords and signatures never get there.
 */
import type { Fields } from './fields';

const LOGGED: ReadonlySet<string> = new Set([
  'acquirerResponseCode',
  'action',
  'amount',
  'amountReceived',
  'amountRefunded',
  'avscv2ResponseCode',
  'captureDelay',
  'currencyCode',
  'duplicateDelay',
  'initiator',
  'merchantID',
  'originalResponseCode',
  'previousID',
  'requestID',
  'responseCode',
  'responseMessage',
  'responseStatus',
  'rtAgreementType',
  'state',
  'threeDSAuthenticated',
  'threeDSCheck',
  'threeDSEnrolled',
  'threeDSErrorCode',
  'threeDSRequired',
  'threeDSResponseCode',
  'threeDSVersion',
  'timestamp',
  'transactionID',
  'transactionUnique',
  'type',
  'vcsResponseCode',
  'xref',
]);

/** A run of digits that is as long as a card number is, wherever it comes. */
const LONG_NUMBER = /\d(?:[ -]?\d){11,18}/g;

/** Identifiers have long numbers in them, and are of the gateway's making or ours. */
const IDENTIFIERS: ReadonlySet<string> = new Set(['requestID', 'transactionUnique', 'xref']);

export const scrub = (fields: Fields): Readonly<Record<string, string>> =>
  Object.fromEntries(
    fields
      .filter(([name]) => LOGGED.has(name))
      .map(([name, value]) => [
        name,
        IDENTIFIERS.has(name) ? value : value.replaceAll(LONG_NUMBER, '[number]'),
      ]),
  );
