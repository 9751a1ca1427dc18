/** The document of an invoice, as the bytes of a PDF. */
import { openFaces } from './faces';
import type { Content } from './content';
import { compose, type Look } from './layout';
import { clean, typesetter } from './lines';
import { takingTurns } from './turns';

/** In points. */
const SIZES = { a4: [595.28, 841.89], letter: [612, 792] } as const;

export interface Paper extends Look {
  readonly size: keyof typeof SIZES;
  readonly made: Date;
}

/** A document takes a tenth of a second: the last of them waits no longer than a person would. */
const inTurn = takingTurns({ waiting: 50, ms: 15_000 });

/** @throws Busy */
export const render = (content: Content, paper: Paper, gone: AbortSignal): Promise<Buffer> =>
  inTurn(() => renderNow(content, paper), gone);

async function renderNow(content: Content, { size, made, ...look }: Paper): Promise<Buffer> {
  const [{ default: PDFDocument }, { default: bidi }, faces] = await Promise.all([
    import('pdfkit'),
    import('bidi-js'),
    openFaces(textsOf(content)),
  ]);
  const doc = new PDFDocument({
    size: [...SIZES[size]],
    margin: 0,
    // The number of pages is known when they are all there.
    bufferPages: true,
    autoFirstPage: false,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    info: {
      Title: content.title,
      Author: content.issuer.name,
      Creator: 'Calmony Pay',
      Producer: 'Calmony Pay',
      CreationDate: made,
      ModDate: made,
    },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  for (const { name, font } of faces.all) doc.registerFont(name, font as never);
  const root = doc.struct('Document');
  doc.addStructure(root);
  await compose({ doc, set: typesetter(faces, bidi()), root }, content, look);
  root.end();
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

/** What is set in which weight, in the characters in which it is set. */
function textsOf(content: Content) {
  const { particulars, parties, rows, sums } = content;
  return {
    regular: JSON.stringify(content, (_, value: unknown) =>
      typeof value === 'string' ? clean(value) : value,
    ),
    semibold: [
      content.issuer.name,
      content.headline,
      ...particulars.map(([, text]) => text),
      ...parties.map(({ name }) => name ?? ''),
      ...rows.map(({ amount }) => amount),
      ...sums.map(({ text }) => text),
    ]
      .map(clean)
      .join(''),
  };
}
