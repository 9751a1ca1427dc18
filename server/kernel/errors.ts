/**
 * The one error class an integrator ever sees, and a named maker for each of Stripe's codes, so
 * that `grep resource_missing` finds every cause. A decline is not here to be thrown by a
 * processor: it is data, turned into `cardError` once the outcome has been stored.
 *
 * Shapes and wording: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes
 */
import type { ApiObject } from './object';

export type ErrorType =
  | 'api_error'
  | 'card_error'
  | 'idempotency_error'
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'rate_limit_error';

/** What Stripe puts in `error` beside `type` and `message`. */
export interface ErrorDetails {
  code?: string;
  param?: string;
  decline_code?: string;
  advice_code?: string;
  network_decline_code?: string;
  charge?: string;
  payment_intent?: ApiObject;
  payment_method?: ApiObject;
  setup_intent?: ApiObject;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** HTTP status of the answer. */
    readonly status: number,
    readonly type: ErrorType,
    message: string,
    readonly details: ErrorDetails = {},
    /** Sent as `Stripe-Should-Retry`; undefined leaves the decision to the client. */
    readonly shouldRetry?: boolean,
  ) {
    super(message);
  }
}

const invalid = (message: string, details: ErrorDetails = {}, status = 400): ApiError =>
  new ApiError(status, 'invalid_request_error', message, details);

// Parameters

export const parameterMissing = (param: string): ApiError =>
  invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });

export const parameterUnknown = (params: readonly string[]): ApiError =>
  invalid(
    params.length === 1
      ? `Received unknown parameter: ${params[0]}`
      : `Received unknown parameters: ${params.join(', ')}`,
    { code: 'parameter_unknown', param: params[0] },
  );

/** A parameter that Stripe documents and this server refuses, rather than ignoring it in silence. */
export const parameterUnsupported = (param: string): ApiError =>
  invalid(`The parameter \`${param}\` is not supported by this server.`, {
    code: 'parameter_unknown',
    param,
  });

/** What no code of Stripe's names, and no single parameter is to blame for. */
export const requestInvalid = (message: string): ApiError => invalid(message);

export const parameterInvalid = (message: string, param: string, code?: string): ApiError =>
  invalid(message, { code, param });

export const currencyInvalid = (code: string, supported: readonly string[], param: string) =>
  invalid(`Invalid currency: ${code}. The supported currencies are: ${supported.join(', ')}.`, {
    param,
  });

export const parameterInvalidEmpty = (param: string): ApiError =>
  invalid(
    `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
    { code: 'parameter_invalid_empty', param },
  );

export const parametersExclusive = (params: readonly string[]): ApiError =>
  invalid(`You may only specify one of these parameters: ${params.join(', ')}.`, {
    code: 'parameters_exclusive',
    param: params[0],
  });

// Objects

export const resourceMissing = (object: string, id: string, param = 'id'): ApiError =>
  invalid(
    `No such ${object}: '${id}'`,
    { code: 'resource_missing', param },
    // An id in the path is the thing asked for; an id in a parameter is an argument about another.
    param === 'id' ? 404 : 400,
  );

/** @param owner what was asked to lose its discount: `customer` or `subscription`. */
/** Nothing would be asked for. */
export const invoiceUpcomingNone = (customer: string): ApiError =>
  invalid(`No upcoming invoices for customer: ${customer}`, { code: 'invoice_upcoming_none' }, 404);

export const discountMissing = (owner: string, id: string): ApiError =>
  invalid(`No active discount for ${owner}: ${id}`, { code: 'resource_missing', param: 'id' }, 404);

export const resourceAlreadyExists = (message: string, param: string): ApiError =>
  invalid(message, { code: 'resource_already_exists', param });

export const urlUnknown = (method: string, path: string): ApiError =>
  invalid(
    `Unrecognized request URL (${method}: ${path}). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. The routes this server answers are listed in /openapi.json.`,
    {},
    404,
  );

export const taxIdInvalid = (type: string, param: string): ApiError =>
  invalid(`Invalid value for ${type}.`, { code: 'tax_id_invalid', param });

// Keys

export const authenticationRequired = (): ApiError =>
  new ApiError(
    401,
    'authentication_error',
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
  );

export const apiKeyInvalid = (masked: string): ApiError =>
  new ApiError(401, 'authentication_error', `Invalid API Key provided: ${masked}`);

export const apiKeyExpired = (masked: string): ApiError =>
  new ApiError(401, 'authentication_error', `Expired API Key provided: ${masked}`, {
    code: 'api_key_expired',
  });

export const secretKeyRequired = (): ApiError =>
  new ApiError(
    403,
    'permission_error',
    'This API call cannot be made with a publishable API key. Please use a secret API key.',
    { code: 'secret_key_required' },
  );

export const permissionDenied = (message: string): ApiError =>
  new ApiError(403, 'permission_error', message, { code: 'more_permissions_required' });

/** A restricted key asks for what its owner did not give it. */
export const rightMissing = (right: 'read' | 'write', resource: string): ApiError =>
  permissionDenied(
    `The provided key does not have the required permissions for this endpoint. Having the '${right}' right on '${resource}' would allow this request to continue.`,
  );

export const accountInvalid = (id: string): ApiError =>
  invalid(
    `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`,
    { code: 'account_invalid' },
    403,
  );

// People

/** Nobody is signed in, or the session has ended. */
export const signInRequired = (): ApiError =>
  new ApiError(401, 'authentication_error', 'You are not signed in.', {
    code: 'sign_in_required',
  });

export const secondFactorRequired = (): ApiError =>
  new ApiError(401, 'authentication_error', 'Enter the code of your authenticator to go on.', {
    code: 'second_factor_required',
  });

/** A page of another site made the browser send this, with the user's cookie. */
export const originForeign = (): ApiError =>
  new ApiError(403, 'permission_error', 'This request did not come from the dashboard itself.', {
    code: 'origin_foreign',
  });

export const tooManyAttempts = (seconds: number): ApiError =>
  new ApiError(
    429,
    'rate_limit_error',
    `Too many attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { code: 'too_many_attempts' },
  );

export const passwordWrong = (param: string): ApiError =>
  invalid('The password is not right.', { code: 'password_wrong', param });

export const codeWrong = (): ApiError =>
  invalid('The code is not right. Codes change every half minute.', {
    code: 'code_wrong',
    param: 'code',
  });

/** @param role of the member who asks. */
export const roleForbids = (role: string, procedure: string): ApiError =>
  permissionDenied(`Your role in this project, ${role}, does not allow \`${procedure}\`.`);

export const lastOwner = (): ApiError =>
  invalid('A project needs an owner: make somebody else one first.', { code: 'last_owner' });

/** Unknown, used, revoked and expired are told apart by nothing. */
export const invitationInvalid = (): ApiError =>
  invalid(
    'This invitation is not valid any more. Ask for a new one.',
    { code: 'invitation_invalid' },
    404,
  );

// Idempotency

export const idempotencyKeyReused = (key: string): ApiError =>
  new ApiError(
    400,
    'idempotency_error',
    `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  );

export const idempotencyKeyInUse = (key: string): ApiError =>
  new ApiError(
    409,
    'idempotency_error',
    `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    { code: 'idempotency_key_in_use' },
    true,
  );

// Money and state

export const cardError = (message: string, details: ErrorDetails): ApiError =>
  new ApiError(402, 'card_error', message, details);

/** The payment of an invoice waits for the customer, who is to confirm it by its client secret. */
export const invoiceActionRequired = (payment_intent: ApiObject): ApiError =>
  cardError(
    'This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice. For more details see: https://stripe.com/docs/billing/subscriptions/overview#requires-action',
    { code: 'invoice_payment_intent_requires_action', payment_intent },
  );

export const unexpectedState = (object: string, message: string, intent?: ApiObject): ApiError =>
  invalid(message, {
    code: `${object}_unexpected_state`,
    ...(object === 'payment_intent' ? { payment_intent: intent } : {}),
    ...(object === 'setup_intent' ? { setup_intent: intent } : {}),
  });

export const invalidState = (message: string, code: string, param?: string): ApiError =>
  invalid(message, { code, param });

/** Usage that was reported already: sending it once more would not help. */
export const meterEventExists = (identifier: string): ApiError =>
  new ApiError(
    400,
    'invalid_request_error',
    `An event already exists with identifier ${identifier}.`,
    { code: 'duplicate_meter_event', param: 'identifier' },
    false,
  );

// Test mode

export const testModeRequired = (): ApiError =>
  invalid('This endpoint is only available in testmode. Try using your test keys instead.');

/** Time is moving there: only what becomes due may change anything. */
export const testClockAdvancing = (id: string): ApiError =>
  invalid(`Test clock advancement underway - cannot perform modifications: ${id}`, {}, 429);

// Ourselves

export const lockTimeout = (): ApiError =>
  new ApiError(
    429,
    'invalid_request_error',
    'This object cannot be accessed right now because another API request or process is currently accessing it. If you see this error intermittently, retry the request.',
    { code: 'lock_timeout' },
    true,
  );

/** Whether it would be answered if it were asked again. */
export const isLockTimeout = (error: unknown): boolean =>
  error instanceof ApiError && error.details.code === 'lock_timeout';

export const internalError = (): ApiError =>
  new ApiError(
    500,
    'api_error',
    'An unexpected error occurred. The request id identifies it in the server log.',
  );
