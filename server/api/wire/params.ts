/**
 * Path, query and body make one bag, as in Stripe's own API, and `expand` is taken out of it: it
 * belongs to every operation and to none.
 */
import { ApiError, parameterInvalid, parameterUnknown } from '@/server/kernel/errors';
import { readBytes } from './bytes';
import { assertStorable, parseForm, parseJson, newTree, type Tree } from './form';

const BODY_BYTES_MAX = 1024 * 1024;

export interface Params {
  readonly bag: Tree;
  readonly expand: readonly string[];
}

/** Everything that the request carries. Throws ApiError 400 or 413 for what cannot be read. */
export async function readParams(
  request: Request,
  url: string,
  path: Readonly<Record<string, string>>,
): Promise<Params> {
  const question = url.indexOf('?');
  const query = question === -1 ? null : parseForm(url.slice(question + 1));
  const body = BODIED.has(request.method) ? await readBody(request) : null;
  for (const name in path) {
    assertStorable(path[name]!);
    // The path says which object is meant: a second answer to that is no parameter.
    if (given(query, name) || given(body, name)) throw parameterUnknown([name]);
  }
  if (query === null && body === null) return { bag: path, expand: [] };
  const bag = Object.assign(newTree(), query, body, path);
  return { bag, expand: takeExpand(bag) };
}

const BODIED: ReadonlySet<string> = new Set(['POST', 'DELETE']);

const given = (tree: Tree | null, name: string): boolean =>
  tree !== null && Object.hasOwn(tree, name);

async function readBody(request: Request): Promise<Tree | null> {
  const bytes = await readBytes(request, BODY_BYTES_MAX);
  if (bytes === null) throw bodyTooLarge();
  if (bytes.length === 0) return null;
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  switch (type) {
    case '':
    case 'application/x-www-form-urlencoded':
      return parseForm(bytes);
    case 'application/json':
      return parseJson(bytes);
    default:
      throw new ApiError(
        415,
        'invalid_request_error',
        `Invalid content type: ${type}. Requests should be encoded as application/x-www-form-urlencoded.`,
      );
  }
}

const bodyTooLarge = (): ApiError =>
  new ApiError(
    413,
    'invalid_request_error',
    `The request body is larger than ${BODY_BYTES_MAX} bytes.`,
  );

function takeExpand(bag: Tree): string[] {
  const { expand } = bag;
  if (expand === undefined || expand === '' || expand === null) {
    delete bag['expand'];
    return [];
  }
  delete bag['expand'];
  const list = Array.isArray(expand) ? expand : [expand];
  const paths = list.filter((path) => typeof path === 'string');
  if (paths.length !== list.length) throw parameterInvalid('Invalid array', 'expand');
  return paths;
}
