/**
 * As much of XML as a drawing needs: elements, attributes and text. What could reach outside the
 * file, or grow inside it, is refused: document types, entities of one's own, other encodings.
 * https://www.w3.org/TR/xml/
 */
import { NotShown } from './rewritten';

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[];
}

const ELEMENTS_MAX = 10_000;
const DEPTH_MAX = 50;

const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?';

/** What comes next: each alternative is a group of its own, and one that is none ends the reading. */
const NEXT = new RegExp(
  [
    '<!--[\\s\\S]*?-->',
    // As old drawing programs write it; one with declarations of its own is no such.
    '<!DOCTYPE\\s+svg[^[>]*>',
    '<\\?[\\s\\S]*?\\?>',
    '<!\\[CDATA\\[(?<data>[\\s\\S]*?)\\]\\]>',
    `</(?<close>${NAME})\\s*>`,
    `<(?<open>${NAME})(?<attributes>(?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'y',
);

const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');

/** @throws NotShown for what is not well-formed, or not of these few things. */
export function parseXml(bytes: Buffer): Element {
  const source = decoded(bytes);
  const root: Element = { name: '', attributes: new Map(), children: [] };
  const open: Element[] = [root];
  let count = 0;
  NEXT.lastIndex = 0;
  while (NEXT.lastIndex < source.length) {
    const found = NEXT.exec(source);
    if (found === null) throw new NotShown('It is not a PNG, JPEG or SVG file.');
    const { data, close, open: name, attributes = '', empty, text } = found.groups ?? {};
    const parent = open.at(-1) ?? root;
    if (name !== undefined) {
      if ((count += 1) > ELEMENTS_MAX) throw new NotShown('The drawing has too many parts.');
      const element = { name, attributes: attributesOf(attributes), children: [] };
      parent.children.push(element);
      if (empty === '') open.push(element);
      if (open.length > DEPTH_MAX) throw new NotShown('The drawing is nested too deeply.');
    } else if (close !== undefined) {
      if (parent === root || parent.name !== close) throw new NotShown('The drawing is damaged.');
      open.pop();
    } else if (data !== undefined) parent.children.push(data);
    else if (text !== undefined) parent.children.push(withoutEntities(text));
  }
  const [element, ...others] = root.children.filter((child) => typeof child !== 'string');
  if (open.length > 1 || element === undefined || others.length > 0) {
    throw new NotShown('It is not a PNG, JPEG or SVG file.');
  }
  return element;
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotShown('It is not a PNG, JPEG or SVG file.');
  }
}

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) throw new NotShown('The drawing is damaged.');
    attributes.set(name, withoutEntities(double ?? single ?? ''));
  }
  return attributes;
}

/** TABLE: the five that XML has by itself. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"',
};

const withoutEntities = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w+));|&/g, (_, decimal, hex, name) => {
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    const character =
      name === undefined
        ? isCharacter(code)
          ? String.fromCodePoint(code)
          : undefined
        : ENTITIES[String(name)];
    if (character === undefined) throw new NotShown('The drawing uses entities of its own.');
    return character;
  });

const isCharacter = (code: number): boolean =>
  [0x9, 0xa, 0xd].includes(code) ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0x10ffff && code !== 0xfffe && code !== 0xffff);

/** As text in an element, or in an attribute's double quotes. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
