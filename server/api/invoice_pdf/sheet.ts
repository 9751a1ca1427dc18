/** Paper to set text on: pages, what is read aloud in which order, and where the next thing goes. */
import type { Line, Style, Typesetter } from './lines';

export interface Ink extends Style {
  readonly colour: string;
  readonly align?: 'left' | 'right' | undefined;
  /** From one line to the next, as a multiple of the size. */
  readonly leading?: number | undefined;
}

/** Where something stands: its upper left corner, and how wide it may be. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

type Element = PDFKit.PDFStructureElement;

export interface Sheet {
  readonly doc: PDFKit.PDFDocument;
  readonly set: Typesetter;
  readonly root: Element;
}

/** A sheet that is being written on, from the top down. */
export interface Cursor {
  readonly sheet: Sheet;
  readonly left: number;
  readonly width: number;
  /** The colour of its rules. */
  readonly accent: string;
  y: number;
  /** Turns the page unless there is as much room; answers whether it did. */
  readonly room: (height: number) => boolean;
}

const LEADING = 1.42;

/** How tall lines are together. */
export const heightOf = (lines: readonly Line[], { size, leading = LEADING }: Ink): number =>
  lines.length * size * leading;

/** An element below another, in the order in which the document is read. */
export function within({ doc }: Sheet, parent: Element, tag: string, options = {}): Element {
  const element = doc.struct(tag, options);
  parent.add(element);
  return element;
}

/** Draws lines that belong to an element; answers how tall they are. */
export function write(
  sheet: Sheet,
  element: Element,
  lines: readonly Line[],
  { x, y, width, ...ink }: Place & Ink,
): number {
  element.add(() => draw(sheet, lines, { x, y, width, ...ink }));
  return heightOf(lines, ink);
}

/** Draws what is only there to be seen: rules, heads that are repeated, numbers of pages. */
export function decorate({ doc }: Sheet, paint: () => void): void {
  doc.markContent('Artifact', { type: 'Layout' });
  paint();
  doc.endMarkedContent();
}

/** Draws lines, whatever they belong to. */
export function draw({ doc }: Sheet, lines: readonly Line[], place: Place & Ink): void {
  const { x, y, width, size, colour, align = 'left', leading = LEADING } = place;
  for (const [index, line] of lines.entries()) {
    // The letters stand in the middle of their line.
    const baseline = y + index * size * leading + size * (leading / 2 + 0.36);
    const left = align === 'right' ? x + width - line.width : x;
    for (const run of line.runs) {
      if (run.spoken !== null) doc.markContent('Span', { actual: run.spoken });
      doc
        .font(run.face.name, size)
        .fillColor(colour)
        .text(run.text, left + run.x, baseline, { lineBreak: false, baseline: 'alphabetic' });
      if (run.spoken !== null) doc.endMarkedContent();
    }
  }
}

/** A line across. */
export function rule(sheet: Sheet, { x, y, width }: Place, colour: string, thickness = 0.75): void {
  decorate(sheet, () =>
    sheet.doc
      .moveTo(x, y)
      .lineTo(x + width, y)
      .lineWidth(thickness)
      .strokeColor(colour)
      .stroke(),
  );
}
