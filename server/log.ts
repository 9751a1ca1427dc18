/**
 * The log: one JSON object a line, and nothing secret in it. Two nets, because each misses what the
 * other catches: names (a field called `cvc` is never shown) and shapes (a card number or an API key
 * is masked wherever it stands in a text, an error message and a stack included).
 */
import pino, { type DestinationStream, type Level, type Logger } from 'pino';

/** Fields whose value is never shown, whatever it is. Compared in lower case. */
const CENSORED = new Set([
  'authorization',
  'client_secret',
  'cookie',
  'cvc',
  'number',
  'password',
  'secret',
  'set-cookie',
  'signature',
  'stripe-signature',
  'x-api-key',
]);

const MASK = '[censored]';

/** Deeper than any object of ours. What lies below is dropped, not shown. */
const DEPTH_MAX = 12;

/** 13 to 19 digits (ISO/IEC 7812), together or in groups; `+` is a space in a form body. Not decimals. */
const DIGIT_RUN = /(?<!\d\.?)\d(?:[ +-]?\d){12,18}(?!\d)/g;
const API_KEY = /\b([sr]k_(?:live|test)_)[0-9A-Za-z]+/g;
const WEBHOOK_SECRET = /\bwhsec_[0-9A-Za-z+/=_-]+/g;
/** Of a processor's own card fields: base64 of JSON that begins so. */
const PAYMENT_TOKEN = /\beyJwYXltZW50VG9rZW4i[0-9A-Za-z+/=_-]*/g;
const CLIENT_SECRET = /_secret_[0-9A-Za-z]+/g;

/** The check digit rule of card numbers. ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighed = place % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

/** Masks API keys, webhook and client secrets, and card numbers in free text, JSON or a form body. */
export function scrub(text: string): string {
  return text
    .replace(API_KEY, '$1****')
    .replace(WEBHOOK_SECRET, 'whsec_****')
    .replace(CLIENT_SECRET, '_secret_****')
    .replace(PAYMENT_TOKEN, '[payment token]')
    .replace(DIGIT_RUN, (run) => (passesLuhn(run.replace(/\D/g, '')) ? '[card number]' : run));
}

/** `card[number]`, as a form body names it, is `number`. */
function isCensored(key: string): boolean {
  const last = /\[([^[\]]+)\]$/.exec(key)?.[1] ?? key;
  return CENSORED.has(last.toLowerCase());
}

/** A copy fit to be logged or stored: censored by name, scrubbed by shape, at every depth. */
export function censor(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrub(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= DEPTH_MAX || ArrayBuffer.isView(value)) return MASK;
  if (Array.isArray(value)) return value.map((element) => censor(element, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    copy[key] = isCensored(key) && field != null ? MASK : censor(field, depth + 1);
  }
  return copy;
}

/**
 * @param level the least grave level that is written
 * @param destination standard output unless given
 */
export function createLogger(level: Level | 'silent', destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // The finished line is read back and censored whole. Pino's own redaction needs the path of each
      // secret beforehand, and its formatters miss child loggers and the messages taken from errors.
      hooks: { streamWrite: (line) => `${JSON.stringify(censor(JSON.parse(line)))}\n` },
    },
    destination ?? pino.destination(1),
  );
}
