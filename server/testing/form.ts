/** Parameters as the SDKs write a form: `items[0][price]=price_1&metadata[order]=6735`. */
export function encodeForm(parameters: unknown): string {
  return pairsOf(parameters, '')
    .map(([name, value]) => `${escape(name)}=${escape(value)}`)
    .join('&');
}

function pairsOf(value: unknown, name: string): (readonly [string, string])[] {
  if (value === undefined) return [];
  if (value === null) return [[name, '']];
  if (typeof value !== 'object') return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, field]) =>
    pairsOf(field, name === '' ? key : `${name}[${key}]`),
  );
}

/** For a form or a path. A lone surrogate has no UTF-8, so no client can send one this way. */
export const escape = (text: string): string => encodeURIComponent(Buffer.from(text).toString());
