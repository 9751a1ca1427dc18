/**
 * Drawings. An SVG file is a document, which can run scripts and load from elsewhere; so it is read,
 * and written anew from a list of what only draws. What is not seen is left out in silence, and what
 * the picture would look different without is refused by name. https://www.w3.org/TR/SVG2/
 */
import { NotShown } from './rewritten';
import { escaped, parseXml, type Element } from './xml';

/** TABLE: the elements that draw. */
const DRAWS: ReadonlySet<string> = new Set([
  'circle',
  'clipPath',
  'defs',
  'ellipse',
  'g',
  'line',
  'linearGradient',
  'mask',
  'path',
  'polygon',
  'polyline',
  'radialGradient',
  'rect',
  'stop',
  'svg',
  'text',
  'tspan',
]);

/** TABLE: the elements that nobody sees. Those of drawing programs have a prefix. */
const UNSEEN: ReadonlySet<string> = new Set(['desc', 'metadata', 'title']);

/** TABLE: how it is drawn. These may be written as attributes, or in `style`. */
const PRESENTATION: ReadonlySet<string> = new Set([
  'clip-path',
  'clip-rule',
  'color',
  'display',
  'dominant-baseline',
  'fill',
  'fill-opacity',
  'fill-rule',
  'font-family',
  'font-size',
  'font-style',
  'font-weight',
  'letter-spacing',
  'mask',
  'opacity',
  'stop-color',
  'stop-opacity',
  'stroke',
  'stroke-dasharray',
  'stroke-dashoffset',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-miterlimit',
  'stroke-opacity',
  'stroke-width',
  'text-anchor',
  'transform',
  'visibility',
]);

/** TABLE: where and how large it is drawn. */
const GEOMETRY: ReadonlySet<string> = new Set([
  'clipPathUnits',
  'cx',
  'cy',
  'd',
  'dx',
  'dy',
  'fx',
  'fy',
  'gradientTransform',
  'gradientUnits',
  'height',
  'id',
  'maskContentUnits',
  'maskUnits',
  'offset',
  'pathLength',
  'points',
  'preserveAspectRatio',
  'r',
  'rotate',
  'rx',
  'ry',
  'spreadMethod',
  'viewBox',
  'width',
  'x',
  'x1',
  'x2',
  'y',
  'y1',
  'y2',
]);

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** @throws NotShown that names what is not taken. */
export function rewriteSvg(file: Buffer): Buffer {
  const root = parseXml(file);
  if (root.name !== 'svg') throw new NotShown('It is not a PNG, JPEG or SVG file.');
  if (!root.attributes.has('viewBox') && !root.attributes.has('width')) {
    throw new NotShown('It says neither a viewBox nor a width: nobody knows its size.');
  }
  return Buffer.from(written(root, true));
}

function written({ name, attributes, children }: Element, isRoot = false): string {
  if (UNSEEN.has(name) || name.includes(':')) return '';
  if (!DRAWS.has(name)) {
    throw new NotShown(`It uses <${name}>, which is not taken: export it as plain shapes.`);
  }
  const given = keptOf(attributes)
    .map(([attribute, value]) => ` ${attribute}="${escaped(value)}"`)
    .join('');
  const namespace = isRoot ? ` xmlns="${NAMESPACE}"` : '';
  const isText = name === 'text' || name === 'tspan';
  const content = children
    .map((child) => (typeof child === 'string' ? (isText ? escaped(child) : '') : written(child)))
    .join('');
  return `<${name}${namespace}${given}>${content}</${name}>`;
}

function keptOf(attributes: ReadonlyMap<string, string>): [string, string][] {
  const kept = new Map<string, string>();
  for (const [name, value] of attributes) {
    if (/^on/i.test(name)) throw new NotShown(`It runs a script (${name}).`);
    if (/^(?:xlink:)?href$/.test(name)) throw new NotShown('It refers to something else.');
    if (PRESENTATION.has(name) || GEOMETRY.has(name)) kept.set(name, local(value));
  }
  for (const [name, value] of declarationsOf(attributes.get('style') ?? '')) {
    if (PRESENTATION.has(name)) kept.set(name, local(value));
  }
  return [...kept];
}

const declarationsOf = (style: string): [string, string][] =>
  style.split(';').flatMap((declaration): [string, string][] => {
    const [, name, value] = /^\s*([\w-]+)\s*:\s*(.+?)\s*$/s.exec(declaration) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });

/** A reference stays within the drawing. No value of these needs an escape, which could hide one. */
function local(value: string): string {
  if (value.includes('\\')) throw new NotShown('It uses escapes.');
  const outside = value.replaceAll(/url\(\s*(["']?)#[\w.-]+\1\s*\)/gi, '');
  if (/url\s*\(|image-set|javascript:|expression\s*\(/i.test(outside)) {
    throw new NotShown('It refers to something else.');
  }
  return value;
}
