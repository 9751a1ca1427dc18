/**
 * The API as an OpenAPI 3.1 document, read off the same operations that answer the requests: what a
 * schema accepts and what is documented cannot differ. https://spec.openapis.org/oas/v3.1.1
 *
 * The form encoding (`items[0][price]=…`) has no exact name in OpenAPI; as in Stripe's own document
 * it is called `deepObject`.
 */
import { z } from 'zod';
import { endpoints, type Endpoint } from '@/server/api/endpoints';
import { rightNeeded } from '@/server/api/authenticate';
import { API_VERSION } from '@/server/kernel/version';
import { errorSchema, OURS, parameters, REFUSALS } from './openapi.components';
import stripeObjects from './openapi.objects.json';

type Schema = z.core.JSONSchema.JSONSchema;
type Json = Record<string, unknown>;

export function openapi(): Json {
  const names = new Set(endpoints.map(({ object }) => object));
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[endpoint.method.toLowerCase()] = toOperation(endpoint);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Calmony Pay',
      version: API_VERSION,
      description: `What this server speaks of Stripe's API, in the shapes of version ${API_VERSION}. Any official Stripe SDK is a client of it.`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { basic: [] }],
    tags: [...new Set(endpoints.map(({ resource }) => resource))]
      .toSorted()
      .map((name) => ({ name })),
    paths,
    components: {
      parameters,
      schemas: {
        ...stripeObjects,
        ...OURS,
        ...Object.fromEntries(
          [...names].toSorted().flatMap((object) => [
            [`list_of_${object}`, pageOf(object, 'list', {})],
            [
              `search_result_of_${object}`,
              pageOf(object, 'search_result', { next_page: { type: ['string', 'null'] } }),
            ],
          ]),
        ),
        error: errorSchema,
      },
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [
          `refused_${status}`,
          {
            description,
            headers,
            content: { 'application/json': { schema: schemaRef('error') } },
          },
        ]),
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A secret or restricted key.' },
        basic: { type: 'http', scheme: 'basic', description: 'The key as the user, no password.' },
      },
    },
  };
}

const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const parameterRef = (name: keyof typeof parameters): Json => ({
  $ref: `#/components/parameters/${name}`,
});

const headers = { 'Request-Id': { schema: { type: 'string' } } };

const pageOf = (object: string, form: 'list' | 'search_result', more: Json): Json => ({
  type: 'object',
  properties: {
    object: { const: form },
    data: { type: 'array', items: schemaRef(object) },
    has_more: { type: 'boolean' },
    url: { type: 'string' },
    ...more,
  },
  required: ['object', 'data', 'has_more', 'url', ...Object.keys(more)],
});

// Operations

function toOperation(endpoint: Endpoint): Json {
  const { resource, name, method, operation } = endpoint;
  const input = inputOf(endpoint);
  const isPost = method === 'POST';
  const shared = [
    parameterRef('stripe_version'),
    ...(isPost ? [parameterRef('idempotency_key')] : [parameterRef('expand')]),
  ];
  return {
    operationId: `${resource}.${name}`,
    summary: operation.summary,
    tags: [resource],
    parameters: [...input.path, ...(isPost ? [] : input.query), ...shared],
    ...(isPost ? { requestBody: toBody(input.rest) } : {}),
    responses: { 200: toAnswer(endpoint), ...refusalsOf(endpoint) },
    'x-right': `${resource}: ${rightNeeded(operation)}`,
    ...(operation.publishable === true ? { 'x-publishable': true } : {}),
    ...(operation.unsupported === undefined
      ? {}
      : { 'x-unsupported-parameters': [...operation.unsupported].toSorted() }),
  };
}

interface Input {
  readonly path: readonly Json[];
  readonly query: readonly Json[];
  /** What is neither in the path nor shared by all operations. */
  readonly rest: Schema;
}

function inputOf({ path, operation }: Endpoint): Input {
  const { properties = {}, required = [] } = toSchema(operation.input);
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const others = Object.entries(properties).filter(([name]) => !inPath.includes(name));
  return {
    path: inPath.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: properties[name] ?? { type: 'string' },
    })),
    query: others.map(([name, schema]) => ({
      name,
      in: 'query',
      ...(required.includes(name) ? { required: true } : {}),
      ...(isNested(schema) ? NESTED : {}),
      schema,
    })),
    rest: {
      type: 'object',
      properties: Object.fromEntries(others),
      required: required.filter((name) => !inPath.includes(name)),
      additionalProperties: false,
    },
  };
}

/** What a client sends, before defaults and transforms. */
function toSchema(schema: z.ZodType): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // Every integer of zod's has the bounds of a safe one: they tell the reader nothing.
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return rest;
}

const NESTED = { style: 'deepObject', explode: true } as const;

function isNested(schema: Schema | boolean): boolean {
  if (typeof schema === 'boolean') return false;
  if (schema.type === 'object' || schema.type === 'array') return true;
  return (schema.anyOf ?? schema.oneOf ?? []).some(isNested);
}

function toBody({ properties = {}, required = [], ...rest }: Schema): Json {
  const schema = {
    ...rest,
    properties: { ...properties, expand: { type: 'array', items: { type: 'string' } } },
    ...(required.length === 0 ? {} : { required }),
  };
  const nested = Object.entries(schema.properties).filter(([, one]) => isNested(one as Schema));
  return {
    required: required.length > 0,
    content: {
      'application/x-www-form-urlencoded': {
        schema,
        encoding: Object.fromEntries(nested.map(([name]) => [name, NESTED])),
      },
      'application/json': { schema },
    },
  };
}

// Answers

/** TABLE: operations that may also answer that the object was deleted. */
const MAY_BE_DELETED: ReadonlySet<string> = new Set(['customers.retrieve']);

/** TABLE: operations whose DELETE leaves the object there, and answers it. */
const STAYS: ReadonlySet<string> = new Set(['subscriptions.cancel']);

function toAnswer({ resource, name, object, method }: Endpoint): Json {
  const schema = name.startsWith('list')
    ? schemaRef(`list_of_${object}`)
    : name.startsWith('search')
      ? schemaRef(`search_result_of_${object}`)
      : method === 'DELETE' && !STAYS.has(`${resource}.${name}`)
        ? schemaRef(`deleted_${object}`)
        : MAY_BE_DELETED.has(`${resource}.${name}`)
          ? { anyOf: [schemaRef(object), schemaRef(`deleted_${object}`)] }
          : schemaRef(object);
  const replayed =
    method === 'POST' ? { 'Idempotent-Replayed': { schema: { const: 'true' } } } : {};
  return {
    description: 'Done.',
    headers: { ...headers, ...replayed },
    content: { 'application/json': { schema } },
  };
}

function refusalsOf({ path, method, operation }: Endpoint): Json {
  const statuses = [
    '400',
    '401',
    ...(method === 'POST' ? ['402', '409', '413', '415'] : []),
    '403',
    ...(path.includes(':') ? ['404'] : []),
    ...(operation.kind === 'query' ? [] : ['429']),
    '500',
  ];
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/refused_${status}` }]),
  );
}
