/**
 * `npm run openapi:objects` writes `server/api/openapi.objects.json`: the objects that this server answers, as the official
 * SDK declares them, for the OpenAPI document. It is kept in the repository because the SDK is not
 * there at run time; a test holds it to what is generated here.
 *
 * Nested objects are described one level deep. Below that lie mostly the many ways to pay that are
 * not here, many times the size of all the rest.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endpoints } from '@/server/api/endpoints';
import { contract } from './contract';
import type { Schema } from './contract-generate';

type JsonSchema = Record<string, unknown>;

const DEPTH = 1;

const FILE = new URL('../../server/api/openapi.objects.json', import.meta.url);

/** By name of the object; of a deleted one, by `deleted_` and its name. */
export function openapiObjects(): Record<string, JsonSchema> {
  const names = [...new Set(endpoints.map(({ object }) => object))].toSorted();
  const known = new Map(names.flatMap((object) => typesOf(object)));
  const byType = new Map([...known].map(([component, type]) => [type, component]));
  const objects = Object.fromEntries(
    [...known].map(([component, type]) => [component, toObject(definition(type), byType, DEPTH)]),
  );
  return { ...objects, event: anyEvent(objects['event']) };
}

/** The SDK has a type for each type of event: this is what they have in common. */
const anyEvent = (event: JsonSchema | undefined): JsonSchema => ({
  ...event,
  properties: {
    ...(event?.['properties'] as JsonSchema),
    type: { type: 'string' },
    data: {
      type: 'object',
      properties: { object: { type: 'object' }, previous_attributes: { type: 'object' } },
      required: ['object'],
    },
  },
});

/** The SDK's types for an `object`, by the name that the document has for them. */
function typesOf(object: string): [component: string, type: string][] {
  // Any one of the events will do: see `anyEvent`.
  const types = (contract.resources[object] ?? []).slice(0, object === 'event' ? 1 : undefined);
  return types.map((type) => [isDeleted(type) ? `deleted_${object}` : object, type]);
}

const isDeleted = (type: string): boolean =>
  definition(type).required?.includes('deleted') === true;

function definition(type: string): Schema {
  const schema = contract.$defs[type];
  if (schema === undefined) throw new Error(`The contract has no type ${type}.`);
  return schema;
}

function toObject(
  { properties = {}, required = [], additionalProperties }: Schema,
  components: ReadonlyMap<string, string>,
  depth: number,
): JsonSchema {
  const fields = Object.entries(properties).map(([name, field]) => [
    name,
    toValue(field, components, depth),
  ]);
  const values = typeof additionalProperties === 'object' ? additionalProperties : null;
  return {
    type: 'object',
    ...(fields.length === 0 ? {} : { properties: Object.fromEntries(fields) }),
    ...(required.length === 0 ? {} : { required }),
    ...(values === null ? {} : { additionalProperties: toValue(values, components, depth) }),
  };
}

/** One schema a JSON type; where a value can be of several, any of them. */
function toValue(
  schema: Schema,
  components: ReadonlyMap<string, string>,
  depth: number,
): JsonSchema {
  if (schema.enum !== undefined) return { enum: schema.enum };
  const choices = (schema.type ?? []).flatMap((type): JsonSchema[] => {
    if (type === 'object') return toObjects(schema, components, depth);
    if (type === 'array') return [{ type, items: toValue(schema.items ?? {}, components, depth) }];
    if (type === 'string' && schema.pattern !== undefined) {
      return [{ type, pattern: schema.pattern }];
    }
    return [{ type }];
  });
  const [first = {}] = choices;
  if (choices.length < 2) return first;
  const plain = choices.every((choice) => Object.keys(choice).join() === 'type');
  return plain ? { type: choices.map(({ type }) => type) } : { anyOf: choices };
}

function toObjects(
  schema: Schema,
  components: ReadonlyMap<string, string>,
  depth: number,
): JsonSchema[] {
  if (Array.isArray(schema.resource)) {
    const here = schema.resource.flatMap((type) => components.get(type) ?? []);
    const refs = here.map((name) => ({ $ref: `#/components/schemas/${name}` }));
    return refs.length === schema.resource.length ? refs : [...refs, { type: 'object' }];
  }
  const target =
    schema.$ref === undefined ? schema : definition(schema.$ref.slice('#/$defs/'.length));
  return [depth === 0 ? { type: 'object' } : toObject(target, components, depth - 1)];
}

/** As it is kept: a line for each object, so that a new SDK shows as a readable difference. */
export const openapiObjectsText = (): string =>
  `{\n${Object.entries(openapiObjects())
    .map(([name, schema]) => `  ${JSON.stringify(name)}: ${JSON.stringify(schema)}`)
    .join(',\n')}\n}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, openapiObjectsText());
