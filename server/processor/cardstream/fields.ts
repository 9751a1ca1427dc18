/**
 * What Cardstream and we send each other: names and values, in an order.
 *
 * A list of pairs and not an object, since a JavaScript object moves integer-like names
 * (`items[10]` before `items[2]`) to the front, and the order of sub-fields is signed.
 */
export type Field = readonly [name: string, value: string];
export type Fields = readonly Field[];

/** The name before the first bracket, by which the parts of a record belong together. */
export const rootOf = (name: string): string => {
  const bracket = name.indexOf('[');
  return bracket < 0 ? name : name.slice(0, bracket);
};

/** The value of a field, or null where it is absent. Said twice, the last counts, as in PHP. */
export const valueOf = (fields: Fields, name: string): string | null =>
  fields.findLast(([known]) => known === name)?.[1] ?? null;

/** The parts of a record, `threeDSRequest[creq]` as `creq`, in their order. */
export const recordOf = (fields: Fields, root: string): Fields =>
  fields
    .filter(([name]) => name.startsWith(`${root}[`) && name.endsWith(']'))
    .map(([name, value]) => [name.slice(root.length + 1, -1), value]);

/** The other way round: pairs as the parts of a record. */
export const asRecord = (root: string, parts: Fields): Fields =>
  parts.map(([name, value]) => [`${root}[${name}]`, value]);

export const without = (fields: Fields, name: string): Fields =>
  fields.filter(([known]) => known !== name);

/**
 * PHP's `urlencode`: UTF-8; letters, digits and `-_.` stay, a space is `+`, the rest is `%XX` in
 * capitals. `encodeURIComponent` leaves six more characters as they are.
 */
export const encode = (text: string): string =>
  // Most of a message needs no encoding, and each message is encoded twice: to be signed, to be sent.
  /^[\w.-]*$/.test(text)
    ? text
    : encodeURIComponent(text)
        .replace(/[!'()*~]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
        .replaceAll('%20', '+');

/** As the body of a form. Line ends should be LF already: see `signature.ts`. */
export const encodeFields = (fields: Fields): string =>
  fields.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');

/**
 * The pairs of a form, in their order. A value may hold a raw `=`: the first one separates.
 *
 * @throws URIError where it is no form: a broken escape, or bytes that are not UTF-8.
 */
export const decodeFields = (body: string): Fields =>
  body
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) return [decode(pair), ''];
      return [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });

const decode = (text: string): string =>
  /[%+]/.test(text) ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
