/** What is used of libraries that bring no types. */
declare module 'linebreak' {
  export default class LineBreaker {
    constructor(text: string);
    /** Where the next line may begin, or null at the end. */
    nextBreak(): { readonly position: number; readonly required: boolean } | null;
  }
}

declare module 'subset-font' {
  /** The font with no more glyphs than the text needs, at one point of each axis. */
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: {
      readonly targetFormat: 'truetype';
      readonly variationAxes: Readonly<Record<string, number>>;
    },
  ): Promise<Buffer>;
}

/** What pdfkit has and its types lack. */
declare namespace PDFKit {
  interface PDFDocument {
    openImage(image: Buffer): { readonly width: number; readonly height: number };
  }
  namespace Mixins {
    interface AnnotationOption {
      structParent?: PDFKit.PDFStructureElement;
    }
  }
}
