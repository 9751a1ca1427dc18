/** Where one operation is made of others, what they refuse is named as the caller gave it. */
import { ApiError } from './errors';

/**
 * What `work` answers. A refusal of it names the parameter as `rename` does: an id that was in the
 * path of another operation is an argument of this one, so that a 404 about it becomes a 400.
 */
export async function renaming<T>(
  rename: (param: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ApiError ? renamed(error, rename) : error;
  }
}

function renamed(error: ApiError, rename: (param: string) => string): ApiError {
  const { status, type, message, details, shouldRetry } = error;
  const param = details.param === undefined ? undefined : rename(details.param);
  if (param === undefined || param === details.param) return error;
  const now = status === 404 ? 400 : status;
  return new ApiError(now, type, message, { ...details, param }, shouldRetry);
}

/** `a[b]` in `place`: `place[a][b]`. */
export const nested = (place: string, param: string): string =>
  `${place}${param.replace(/^[^[]+/, '[$&]')}`;

/** As `nested`, for the parameters that were given there. Others stay. */
export const within =
  (place: string, given: object) =>
  (param: string): string =>
    (/^[^[]+/.exec(param)?.[0] ?? '') in given ? nested(place, param) : param;
