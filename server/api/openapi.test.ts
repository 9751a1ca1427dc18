import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { openapiObjects, openapiObjectsText } from '@/e2e/support/openapi-objects';
import type { Runtime } from '@/server/context';
import { createApp } from './app';
import { endpoints } from './endpoints';
import { openapi } from './openapi';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Record<string, { schema: Schema; encoding?: object }>;
  };
  readonly responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  readonly [extension: `x-${string}`]: unknown;
}
type Parameter = { readonly $ref?: string; readonly name?: string; readonly schema?: Schema };
interface Schema {
  readonly [keyword: string]: unknown;
  readonly properties?: Record<string, Schema>;
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, Schema>>;
}

/** As a client gets it. */
const document = JSON.parse(JSON.stringify(openapi())) as Document;
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const operation = (id: string): Operation => {
  const found = operations.find(({ operationId }) => operationId === id);
  if (found === undefined) throw new Error(`There is no operation ${id}.`);
  return found;
};

describe('the OpenAPI document', () => {
  it('is valid by the rules of OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document) as never)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('refers to nothing that is not in it', () => {
    const text = JSON.stringify(document);
    const refs = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
    expect(refs.length).toBeGreaterThan(100);
    for (const ref of new Set(refs)) {
      const [kind = '', name = ''] = ref.replace('#/components/', '').split('/');
      expect(document.components[kind]?.[name], ref).toBeDefined();
    }
  });

  it('has every endpoint, each under a name of its own', () => {
    expect(operations).toHaveLength(endpoints.length);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(endpoints.length);
    for (const { method, path, resource, name, operation: source } of endpoints) {
      const described = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      expect(described?.operationId).toBe(`${resource}.${name}`);
      expect(described?.summary).toBe(source.summary);
    }
  });

  it('has the fields of a body as a form and as JSON', () => {
    const { content = {} } = operation('customers.create').requestBody ?? {};
    const form = content['application/x-www-form-urlencoded'];
    expect(form?.schema).toEqual(content['application/json']?.schema);
    expect(form?.schema).toMatchObject({
      additionalProperties: false,
      properties: { name: {}, address: {}, expand: { type: 'array' } },
    });
    expect(form?.encoding).toMatchObject({
      address: { style: 'deepObject', explode: true },
      metadata: { style: 'deepObject', explode: true },
    });
    expect(form?.encoding).not.toHaveProperty('name');
  });

  it('has what is in the path there, and nowhere else', () => {
    const { parameters, requestBody } = operation('payment_intents.capture');
    expect(parameters[0]).toEqual({
      name: 'id',
      in: 'path',
      required: true,
      schema: { type: 'string' },
    });
    const { properties } = requestBody?.content['application/json']?.schema ?? {};
    expect(properties).toHaveProperty('amount_to_capture');
    expect(properties).not.toHaveProperty('id');
  });

  it('has the filters of a list, and those that are objects as such', () => {
    const { parameters, requestBody } = operation('charges.list');
    expect(requestBody).toBeUndefined();
    expect(parameters).toContainEqual({
      name: 'limit',
      in: 'query',
      schema: { type: 'integer', minimum: 1, maximum: 100 },
    });
    expect(parameters.find(({ name }) => name === 'created')).toMatchObject({
      style: 'deepObject',
      explode: true,
    });
    expect(parameters).toContainEqual({ $ref: '#/components/parameters/expand' });
  });

  it('offers an idempotency key to POST alone', () => {
    const key = { $ref: '#/components/parameters/idempotency_key' };
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, { parameters }] of Object.entries(methods)) {
        const offers = parameters.some(({ $ref }) => $ref === key.$ref);
        expect(offers, `${method} ${path}`).toBe(method === 'post');
      }
    }
  });

  it('says what is refused by name, what a key needs, and what a browser may', () => {
    expect(operation('payment_intents.create')['x-unsupported-parameters']).toContain(
      'application_fee_amount',
    );
    expect(operation('customers.create')['x-right']).toBe('customers: write');
    expect(operation('customers.list')['x-right']).toBe('customers: read');
    expect(operation('tokens.create')['x-publishable']).toBe(true);
    expect(operation('customers.create')).not.toHaveProperty('x-publishable');
  });

  it.each([
    ['customers.create', '#/components/schemas/customer'],
    ['customers.list', '#/components/schemas/list_of_customer'],
    ['customers.search', '#/components/schemas/search_result_of_customer'],
    ['customers.remove', '#/components/schemas/deleted_customer'],
    ['customers.attachPaymentMethod', '#/components/schemas/payment_method'],
    ['customers.listPaymentMethods', '#/components/schemas/list_of_payment_method'],
    ['webhook_deliveries.retryEvent', '#/components/schemas/event'],
  ])('says what %s answers', (id, $ref) => {
    expect(operation(id).responses['200']?.content?.['application/json']?.schema).toEqual({ $ref });
  });
});

describe('the objects in it', () => {
  it("are the SDK's: `npm run openapi:objects` writes the file anew", () => {
    const kept = readFileSync(new URL('openapi.objects.json', import.meta.url), 'utf8');
    expect(JSON.parse(kept)).toEqual(openapiObjects());
    expect(kept).toBe(openapiObjectsText());
  });

  it('have a schema each, and no list of anything else', () => {
    for (const { object } of endpoints) {
      expect(document.components['schemas']).toHaveProperty(object);
    }
    expect(document.components['schemas']?.['customer']).toMatchObject({
      required: expect.arrayContaining(['id', 'object', 'created', 'livemode']) as string[],
      properties: { object: { enum: ['customer'] }, email: { type: ['string', 'null'] } },
    });
  });
});

describe('GET /openapi.json', () => {
  const app = createApp({
    runtime: {} as Runtime,
    findKey: async () => null,
    isReady: async () => true,
    registry: new Registry(),
    onServed: () => undefined,
  });

  it('answers the document without a key, and not twice to whoever has it', async () => {
    const first = await app.request('/openapi.json');
    expect(first.headers.get('content-type')).toBe('application/json');
    expect(await first.json()).toEqual(document);
    const etag = first.headers.get('etag') ?? '';
    const again = await app.request('/openapi.json', { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
  });
});
