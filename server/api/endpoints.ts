/** The operations of all resources, as a list: what REST, OpenAPI and the list of routes read. */
import type { Operation } from '@/server/kernel/operation';
import { resources } from '@/server/resources';

export interface Endpoint {
  /** Key in the resource table: what a restricted key's rights are named after. */
  readonly resource: string;
  /** Key of the operation in its resource. */
  readonly name: string;
  /** Stripe's name for what it answers, or a list of. */
  readonly object: string;
  readonly operation: Operation;
  readonly method: string;
  /** With `:name` for each parameter. */
  readonly path: string;
}

/** `1` for a fixed part and `0` for a parameter: of two paths, the one fixed earlier sorts higher. */
const shape = (path: string): string =>
  path
    .split('/')
    .map((part) => (part.startsWith(':') ? '0' : '1'))
    .join('');

/** Fixed paths come before those with parameters in their place: `/search` is not an id. */
export const endpoints: readonly Endpoint[] = Object.entries(resources)
  .flatMap(([resource, { object, operations }]) =>
    Object.entries<Operation>(operations).map(([name, operation]) => {
      const [method = '', path = ''] = operation.route.split(' ');
      return { resource, name, object: operation.answers ?? object, operation, method, path };
    }),
  )
  .toSorted((a, b) => shape(b.path).localeCompare(shape(a.path)));
