/** Shorter texts are compared as a whole word: the search takes substrings of three characters on. */
const SUBSTRING_MIN = 3;

/** `name~"gold"`: a field that contains the text, in Stripe's search language. */
export const contains = (field: string, text: string): string =>
  `${field}${text.length < SUBSTRING_MIN ? ':' : '~'}${JSON.stringify(text)}`;
