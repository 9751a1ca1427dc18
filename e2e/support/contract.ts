/**
 * Holds a response to the official SDK's types while the program runs: whatever a test reads off the
 * wire can be given to `expectContract`, and every place where a client of Stripe would be misled is
 * named.
 *
 * A required field must be there; a field that the SDK does not know must not; every value has the
 * type that the SDK says, down through lists and expanded objects, each chosen by its `object`. An
 * enum that Stripe calls open takes any string. Not covered, because the SDK has no type for it on
 * the wire: the body of an error.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { AnySchemaObject, ErrorObject } from 'ajv';
import type { DataValidationCxt } from 'ajv/dist/types';
import { Stripe } from 'stripe';
import { generateContract } from './contract-generate';
import type { Contract, Schema } from './contract-generate';

/** The SDK's types as JSON Schema. */
export const contract = loadContract();

/**
 * Everything in which `body` differs from the SDK's type for its `object`; empty when nothing does.
 * Takes the parsed JSON of a response, or what the SDK made of it. Each line is a JSON path, what was
 * expected there, and what was found: `$.data[0].email: expected string or null, found 5`.
 */
export function contractViolations(body: unknown): string[] {
  // What the SDK returns has turned decimals into objects; on the wire they are strings.
  const wire: unknown = JSON.parse(JSON.stringify(body ?? null));
  const isKept = anyResource(wire);
  const errors = isKept ? [] : (anyResource.errors ?? []);
  return errors
    .filter((error) => !isOfUpcoming(error, wire))
    .map((error) => toViolation(error, wire));
}

/** "Note: The received `Invoice` object will not have an invoice ID", says what describes the event. */
function isOfUpcoming({ keyword, instancePath, params }: ErrorObject, wire: unknown): boolean {
  const [event, rest] = instancePath.split(/(?=\/data\/object$)/);
  if (keyword !== 'required' || params['missingProperty'] !== 'id' || rest === undefined) {
    return false;
  }
  return (at(wire, stepsOf(event ?? '')) as Body).type === 'invoice.upcoming';
}

/** @throws Error listing the violations of `body`, one a line, if there are any. */
export function expectContract(body: unknown): void {
  const violations = contractViolations(body);
  if (violations.length > 0) {
    throw new Error(`The body breaks the SDK's types:\n  ${violations.join('\n  ')}`);
  }
}

/**
 * The fields that every live object of this kind has, `object` being as on the wire (`customer`,
 * `checkout.session`); for `event`, those that all types of event have.
 * @throws Error when the SDK has no such object.
 */
export function requiredFields(object: string): string[] {
  const live = formsOf(object).filter((name) => !('deleted' in constantsOf(name)));
  if (live.length === 0) throw new Error(`The SDK has no object "${object}".`);
  const [first = [], ...others] = live.map((name) => definition(name).required ?? []);
  return first.filter((field) => others.every((fields) => fields.includes(field)));
}

/**
 * The fields of `object` in which the SDK expects an id or, expanded, what it stands for, also those
 * with a list of ids: their paths, such as `invoice_settings.default_payment_method`, each with the
 * `object`s it may stand for. A path goes through the elements of a list as through an object.
 */
export function expandableFields(object: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const visit = ({ properties = {} }: Schema, prefix: string, within: readonly string[]): void => {
    for (const [field, schema] of Object.entries(properties)) {
      const { type, resource, $ref } = schema.items ?? schema;
      if (type?.includes('string') === true && Array.isArray(resource)) {
        const kinds = resource.flatMap((name) => constantsOf(name)['object'] ?? []);
        found.set(`${prefix}${field}`, [...new Set(kinds.map(String))]);
      }
      const name = $ref?.slice('#/$defs/'.length);
      if (name === undefined || within.includes(name)) continue;
      visit(definition(name), `${prefix}${field}.`, [...within, name]);
    }
  };
  for (const name of formsOf(object)) visit(definition(name), '', [name]);
  return found;
}

/**
 * Reading the declarations takes some seconds, so the contract is kept until either of its two
 * sources changes: the SDK, or the generator.
 */
function loadContract(): Contract {
  const generator = readFileSync(new URL('./contract-generate.ts', import.meta.url));
  const key = createHash('sha256').update(Stripe.PACKAGE_VERSION).update(generator).digest('hex');
  const folder = new URL('../../node_modules/.cache/calmony-pay/', import.meta.url);
  const file = new URL(`contract-${key.slice(0, 16)}.json`, folder);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Contract;
  const generated = generateContract();
  mkdirSync(folder, { recursive: true });
  // Renamed into place, since test files run side by side and none may read half of it.
  const draft = new URL(`${randomUUID()}.json`, folder);
  writeFileSync(draft, JSON.stringify(generated));
  renameSync(draft, file);
  return generated;
}

/** An object off the wire, before anything is known of it but the fields that tell its kind. */
interface Body {
  readonly object?: unknown;
  readonly [field: string]: unknown;
}

/** The types that carry this value of `object`. */
function formsOf(object: unknown): readonly string[] {
  const isKnown = typeof object === 'string' && Object.hasOwn(contract.resources, object);
  return isKnown ? (contract.resources[object] ?? []) : [];
}

function definition(name: string): Schema {
  const schema = contract.$defs[name];
  if (!schema) throw new Error(`The contract has no type ${name}.`);
  return schema;
}

/** The fields of a type that can have one value only: `object`, `deleted`, the `type` of an event. */
function constantsOf(name: string): Record<string, unknown> {
  const fields = Object.entries(definition(name).properties ?? {});
  return Object.fromEntries(
    fields.flatMap(([field, { enum: values = [] }]) =>
      values.length === 1 ? [[field, values[0]]] : [],
    ),
  );
}

/** The one of `names` that `body` means to be: of a customer, whether it is the deleted one. */
function recognize(names: readonly string[] | true, body: Body): string | undefined {
  const forms = formsOf(body.object).filter((name) => names === true || names.includes(name));
  if (forms.length < 2) return forms[0];
  return forms.find((name) => {
    const constants = constantsOf(name);
    return ['deleted', ...Object.keys(constants)].every(
      (field) => body[field] === constants[field],
    );
  });
}

const ajv = new Ajv({ allErrors: true, verbose: true, strictTypes: false });
ajv.addKeyword({ keyword: 'resource', type: 'object', errors: 'full', validate: isResource });
ajv.addSchema({ $id: 'stripe', $defs: contract.$defs });
const anyResource = ajv.compile({ type: ['object'], resource: true } satisfies Schema);

/**
 * The keyword `resource`. It looks the type up when a value is there to be checked: what is never
 * met is never compiled, though nearly every type of the SDK can be reached from every other.
 */
function isResource(
  names: string[] | true,
  body: Body,
  parentSchema?: AnySchemaObject,
  at?: DataValidationCxt,
): boolean {
  const name = recognize(names, body);
  if (name === undefined) {
    const { instancePath } = at ?? { instancePath: '' };
    isResource.errors = [{ keyword: 'resource', instancePath, parentSchema }];
    return false;
  }
  const validate = ajv.getSchema(`stripe#/$defs/${name}`);
  if (!validate) throw new Error(`The contract has no type ${name}.`);
  const isKept = validate(body, at) === true;
  isResource.errors = validate.errors ?? [];
  return isKept;
}
isResource.errors = new Array<Partial<ErrorObject>>();

/** One line about one error: where, what was expected, what was found. */
function toViolation(error: ErrorObject, wire: unknown): string {
  const { keyword, instancePath, params, parentSchema } = error;
  const schema = parentSchema as Schema;
  const steps = stepsOf(instancePath);
  // Looked up again, since Ajv replaces an error's own `data` when it comes out of a keyword of ours.
  const found = at(wire, steps);
  const path = toPath(steps);
  if (keyword === 'required') {
    const field = String(params['missingProperty']);
    return `${path}.${field}: expected ${describe(schema.properties?.[field] ?? {})}, found nothing`;
  }
  if (keyword === 'additionalProperties') {
    const field = String(params['additionalProperty']);
    const value = excerpt((found as Body)[field]);
    return `${path}.${field}: expected no such field in ${schema.title}, found ${value}`;
  }
  return `${path}: expected ${describe(schema)}, found ${excerpt(found)}`;
}

const stepsOf = (pointer: string): string[] => pointer.split('/').slice(1).map(unescapeStep);

const at = (wire: unknown, steps: readonly string[]): unknown =>
  steps.reduce((value, step) => (value as Body)[step], wire);

/** In JSON Pointer, `~1` stands for a slash in a name and `~0` for a tilde. */
const unescapeStep = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

/** `$.data[0].email` */
const toPath = (steps: readonly string[]): string =>
  `$${steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('')}`;

const anyOf = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** What a schema allows, in words: `string, Stripe.Customer or null`. */
function describe(schema: Schema): string {
  if (schema.enum) return anyOf.format(schema.enum.map((value) => JSON.stringify(value)));
  return anyOf.format((schema.type ?? ['any value']).flatMap((type) => describeType(type, schema)));
}

function describeType(type: string, { pattern, resource, $ref, title }: Schema): string[] {
  if (type === 'string' && pattern !== undefined) return [`string like ${pattern}`];
  if (type !== 'object') return [type];
  if (resource === true) return ['any object of the SDK'];
  if (resource) return resource.map((name) => `Stripe.${name}`);
  return [$ref?.replace('#/$defs/', 'Stripe.') ?? title ?? 'object'];
}

/** A found value, short enough for one line; of an object that tells its kind, just that. */
function excerpt(value: unknown): string {
  const tellsKind = typeof value === 'object' && value !== null && 'object' in value;
  const { object, deleted, type } = (tellsKind ? value : {}) as Body;
  const text = JSON.stringify(tellsKind ? { object, deleted, type } : value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
