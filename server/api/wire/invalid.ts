/**
 * What zod found wrong with a request, said as Stripe says it: one error, about one parameter.
 *
 * The wording is Stripe's wherever it could be found (https://docs.stripe.com/error-codes and the
 * messages quoted in its SDKs' issues). A schema that wants other words has two ways:
 *
 * - a message of its own, `z.string().regex(/^[A-Z]{2}$/, 'Country must be two capitals.')`, which
 *   replaces the wording here, though not `parameter_missing` and `parameter_invalid_empty`;
 * - in a refinement `params: { apiError: (param) => ApiError }`, a maker given the bracketed name,
 *   which decides everything: `z.string().refine(isKnown, { params: { apiError: ... } })`.
 */
import { z } from 'zod';
import {
  ApiError,
  parameterInvalid,
  parameterInvalidEmpty,
  parameterMissing,
  parameterUnknown,
} from '@/server/kernel/errors';
import { paramName } from './form';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** An issue with its place in the whole request and the value found there. */
interface Finding {
  readonly issue: Issue;
  readonly path: Path;
  readonly value: unknown;
}

/**
 * The error to answer for a request that its schema refuses. `input` is what was parsed.
 *
 * Unknown parameters come first, all of them, since a misspelt name is often also why another is
 * missing; then the first finding in the order of the schema. Of a union, the branch is reported
 * that the value came closest to.
 */
export function toApiError(error: z.ZodError, input: unknown): ApiError {
  const findings = error.issues.flatMap((issue) => findingsOf(issue, [], input));
  const unknown = findings.flatMap(({ issue, path }) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => paramName([...path, key])) : [],
  );
  if (unknown.length > 0) return parameterUnknown(unknown);
  return render(findings[0]!);
}

// Finding the issue to report

function findingsOf(issue: Issue, prefix: Path, input: unknown): Finding[] {
  const path = [...prefix, ...issue.path];
  const finding = { issue, path, value: valueAt(input, path) };
  const isUnset = finding.value === undefined || finding.value === '';
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [finding];
  if (isUnset || isAuthored(finding)) return [finding];
  return closest(issue.errors).flatMap((inner) => findingsOf(inner, path, input));
}

const closest = (branches: readonly Issue[][]): Issue[] =>
  branches.reduce((best, branch) => (distance(branch) < distance(best) ? branch : best));

const distance = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + weight(issue), 0);

/** How far an issue says that its branch was not the one meant. */
function weight(issue: Issue): number {
  const isWhole = issue.path.length === 0;
  if (issue.code === 'invalid_type') return isWhole ? 1_000 : 1;
  if (issue.code === 'unrecognized_keys') return 10 * issue.keys.length;
  if (issue.code !== 'invalid_value') return 1;
  // Inside, another `type`. As a whole, a list of choices is likelier meant than a lone 'now' or ''.
  if (!isWhole) return 100;
  return issue.values.length > 1 ? 1_000 : 1_001;
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

// Saying it

function render(finding: Finding): ApiError {
  const { issue, path, value } = finding;
  const param = paramName(path);
  if (issue.code === 'custom') return renderCustom(issue, param);
  if (issue.code === 'invalid_key') return renderKey(issue, path);
  if (value === undefined) return parameterMissing(param);
  if (value === '') return parameterInvalidEmpty(param);
  if (isAuthored(finding)) return refusal(issue.message, param);

  switch (issue.code) {
    case 'invalid_type':
      return renderType(issue.expected, finding);
    case 'invalid_value':
      return refusal(`Invalid ${param}: must be ${oneOf(issue.values)}`, param);
    case 'invalid_union':
      // A discriminated union says which values of its key there are; others have led to a branch.
      if (issue.inclusive === false || issue.options === undefined) break;
      return refusal(`Invalid ${param}: must be ${oneOf(issue.options)}`, param);
    case 'invalid_format':
      return renderFormat(issue.format, finding);
    case 'too_big':
    case 'too_small':
      return renderBound(issue, finding);
    case 'not_multiple_of':
      return integerRefusal(`This value must be a multiple of ${issue.divisor}.`, param);
    case 'invalid_element':
    case 'unrecognized_keys':
      break;
  }
  return refusal(issue.message, param);
}

function renderCustom(issue: z.core.$ZodIssueCustom, param: string): ApiError {
  const make: unknown = issue.params?.['apiError'];
  const made: unknown = typeof make === 'function' ? make(param) : undefined;
  return made instanceof ApiError ? made : refusal(issue.message, param);
}

function renderType(expected: string, { path, value }: Finding): ApiError {
  const param = paramName(path);
  switch (expected) {
    case 'int':
    case 'number':
      // zod calls the type of `z.int()` a number too; Stripe has few decimals, and says so for all.
      return integerRefusal(`Invalid integer: ${shown(value, path)}`, param);
    case 'boolean':
      return refusal(`Invalid boolean: ${shown(value, path)}`, param);
    case 'array':
    case 'tuple':
      return refusal('Invalid array', param);
    case 'object':
    case 'record':
      return refusal('Invalid object', param);
    case 'never':
      return parameterUnknown([param]);
    default:
      return refusal(`Invalid ${expected}: ${shown(value, path)}`, param);
  }
}

function renderFormat(format: string, { path, value }: Finding): ApiError {
  const param = paramName(path);
  switch (format) {
    case 'email':
      return refusal(`Invalid email address: ${shown(value, path)}`, param, 'email_invalid');
    case 'url':
      return refusal('Not a valid URL', param, 'url_invalid');
    default:
      return refusal(`Invalid string: ${shown(value, path)}`, param);
  }
}

function renderBound(
  issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall,
  { path, value }: Finding,
): ApiError {
  const param = paramName(path);
  const isUpper = issue.code === 'too_big';
  const limit = Number(isUpper ? issue.maximum : issue.minimum);
  const bound = isUpper ? `at most ${limit}` : `at least ${limit}`;
  if (typeof value === 'string') {
    if (isUpper && path.at(-2) === 'metadata') return metadataTooLong(path, 'value', value, limit);
    return refusal(`Invalid string: ${shown(value, path)}; must be ${bound} characters`, param);
  }
  if (Array.isArray(value)) return refusal(`Invalid array: must have ${bound} items`, param);
  if (typeof value !== 'number') return refusal(issue.message, param);
  if (Math.abs(limit) === Number.MAX_SAFE_INTEGER) {
    return integerRefusal(`Invalid integer: ${shown(value, path)}`, param);
  }
  const comparison = isUpper ? 'less than' : 'greater than';
  const orEqual = issue.inclusive === false ? '' : ' or equal to';
  return integerRefusal(`This value must be ${comparison}${orEqual} ${limit}.`, param);
}

/** A key of a map. Its issues have the key as their value, and no place of their own. */
function renderKey(issue: z.core.$ZodIssueInvalidKey, path: Path): ApiError {
  const key = String(path.at(-1));
  const inner = issue.issues[0]!;
  if (inner.code === 'too_big' && path.at(-2) === 'metadata') {
    return metadataTooLong(path, 'key', key, Number(inner.maximum));
  }
  return render({ issue: inner, path, value: key });
}

/** Stripe names the map, not the key, and tells the length it got. */
function metadataTooLong(path: Path, word: string, text: string, limit: number): ApiError {
  return refusal(
    `Metadata ${word}s can have up to ${limit} characters, but you passed in a ${word} that is ${text.length} characters. Invalid ${word}: ${shown(text, path)}`,
    paramName(path.slice(0, -1)),
  );
}

// Words

const refusal = (message: string, param: string, code?: string): ApiError =>
  param === ''
    ? new ApiError(400, 'invalid_request_error', message)
    : parameterInvalid(message, param, code);

const integerRefusal = (message: string, param: string): ApiError =>
  refusal(message, param, 'parameter_invalid_integer');

/** "one of a, b, or c"; a single value by itself. The empty string that unsets is not offered. */
function oneOf(values: readonly unknown[]): string {
  const words = values.filter((value) => value !== '').map(String);
  const last = words.pop() ?? 'empty';
  if (words.length === 0) return last;
  return `one of ${words.join(', ')}${words.length > 1 ? ',' : ''} or ${last}`;
}

const SECRETS = new Set<PropertyKey>(['number', 'cvc', 'password', 'secret']);
const CARD_NUMBER = /\d(?:[ -]?\d){11,18}/g;

/**
 * A value as an error may repeat it: shortened as Stripe does, and with no card number or code,
 * wherever the client put one, because error messages end up in logs.
 */
function shown(value: unknown, path: Path): string {
  if (SECRETS.has(path.at(-1)!)) return '[redacted]';
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replace(
    CARD_NUMBER,
    (digits) => `****${digits.slice(-4)}`,
  );
  return text.length > 50 ? `${text.slice(0, 10)}...${text.slice(-10)}` : text;
}

const zodWording = z.locales.en().localeError;

/** Whether the schema's author gave the message: it is not what zod says by itself. */
function isAuthored({ issue, value }: Finding): boolean {
  const standard = zodWording({ ...issue, input: value } as z.core.$ZodRawIssue);
  return issue.message !== (typeof standard === 'string' ? standard : standard?.message);
}
