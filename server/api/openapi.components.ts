/** The parts of the OpenAPI document that no operation has to itself. */
import { API_VERSION } from '@/server/kernel/version';

const text = { type: 'string' } as const;
const instant = { type: 'integer', description: 'Unix time in seconds.' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const instantOrNull = { ...instant, type: ['integer', 'null'] } as const;
const flag = { type: 'boolean' } as const;
const amountOrNull = {
  type: ['integer', 'null'],
  description: "In the currency's minor unit.",
} as const;

/** An object of which every field is told. */
const closed = (object: string, fields: object, optional: readonly string[] = []) => {
  const properties = { id: text, object: { const: object }, ...fields };
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
};

/** Objects that Stripe's API does not have. */
export const OURS = {
  api_key: closed(
    'api_key',
    {
      created: instant,
      expires_at: instantOrNull,
      last_used_at: instantOrNull,
      livemode: flag,
      name: textOrNull,
      publishable: textOrNull,
      redacted: text,
      replaced_by: textOrNull,
      rights: {
        type: ['object', 'null'],
        additionalProperties: { enum: ['none', 'read', 'write'] },
      },
      secret: {
        ...text,
        description: 'The whole key, in the answer that made it and in no other.',
      },
      status: { enum: ['active', 'expired', 'revoked'] },
      type: { enum: ['publishable', 'restricted', 'secret'] },
    },
    ['secret'],
  ),
  deleted_api_key: closed('api_key', { deleted: { const: true } }),
  reconciliation_item: closed('reconciliation_item', {
    amount: amountOrNull,
    charge: textOrNull,
    created: instant,
    currency: textOrNull,
    kind: {
      enum: [
        'amount_differs',
        'in_our_books_only',
        'in_their_books_only',
        'state_differs',
        'unresolved_attempt',
      ],
    },
    line: { type: ['integer', 'null'], description: 'The line of the settlement file.' },
    livemode: flag,
    note: textOrNull,
    payment_intent: textOrNull,
    processor_account: textOrNull,
    processor_amount: amountOrNull,
    processor_state: textOrNull,
    reference: textOrNull,
    refund: textOrNull,
    resolution: { enum: ['acknowledged', 'failed', 'found', 'succeeded', null] },
    resolved_at: instantOrNull,
    resolved_by: textOrNull,
    settlement_file: textOrNull,
    setup_intent: textOrNull,
    state: textOrNull,
    status: { enum: ['open', 'resolved'] },
    transaction: textOrNull,
  }),
  settlement_file: closed('settlement_file', {
    created: instant,
    differences: { type: 'integer' },
    lines: { type: 'integer' },
    livemode: flag,
    matched: { type: 'integer' },
    name: textOrNull,
    processor_account: text,
  }),
  webhook_delivery: closed(
    'webhook_delivery',
    {
      attempt_count: { type: 'integer' },
      attempts: {
        type: 'array',
        items: closed('webhook_delivery_attempt', {
          created: instant,
          duration_ms: { type: 'integer' },
          failure: textOrNull,
          response_body: textOrNull,
          response_status: { type: ['integer', 'null'] },
        }),
      },
      created: instant,
      endpoint: text,
      event: text,
      livemode: flag,
      next_attempt_at: instantOrNull,
      status: text,
    },
    ['attempts'],
  ),
};

export const errorSchema = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        type: {
          enum: [
            'api_error',
            'authentication_error',
            'card_error',
            'idempotency_error',
            'invalid_request_error',
            'permission_error',
          ],
        },
        message: text,
        code: { ...text, description: "One of Stripe's: https://docs.stripe.com/error-codes" },
        param: { ...text, description: 'The parameter at fault, such as `items[0][price]`.' },
        decline_code: {
          ...text,
          description: "The issuer's reason: https://docs.stripe.com/declines/codes",
        },
        advice_code: text,
        network_decline_code: text,
        charge: { ...text, description: 'The id of the charge that failed.' },
        payment_intent: { $ref: '#/components/schemas/payment_intent' },
        payment_method: { $ref: '#/components/schemas/payment_method' },
        doc_url: text,
        request_log_url: text,
      },
      required: ['type', 'message'],
    },
  },
  required: ['error'],
};

/** TABLE: what each status says. */
export const REFUSALS: Readonly<Record<string, string>> = {
  400: 'The parameters are wrong, or the state of the object does not allow it.',
  401: 'There is no key, or it is unknown, revoked or expired.',
  402: 'The parameters are right, but the card was declined.',
  403: 'The key does not have the right.',
  404: 'No such object.',
  409: 'Another request with this idempotency key is under way. Try again.',
  413: 'The body is larger than 1 MiB.',
  415: 'The body is neither a form nor JSON.',
  429: 'Another request holds the object. Try again.',
  500: 'Our fault. The request id identifies it in the log.',
};

export const parameters = {
  expand: {
    name: 'expand',
    in: 'query',
    style: 'deepObject',
    explode: true,
    description: 'Objects wanted in the place of their ids: https://docs.stripe.com/expand',
    schema: { type: 'array', items: text },
  },
  idempotency_key: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'A request that is repeated with its key, within a day, gets the first answer.',
    schema: { type: 'string', maxLength: 255 },
  },
  stripe_version: {
    name: 'Stripe-Version',
    in: 'header',
    description: `Any is taken, and answered in the shapes of ${API_VERSION}.`,
    schema: text,
  },
} as const;
