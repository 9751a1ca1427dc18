/** Portable Network Graphics, chunk by chunk. https://www.w3.org/TR/png-3/ */
import { NotShown, type Rewritten } from './rewritten';

/** TABLE: the chunks that decide what is seen. Texts, times, and what came with a camera are left out. */
const KEPT: ReadonlySet<string> = new Set([
  'IHDR',
  'PLTE',
  'tRNS',
  'cHRM',
  'gAMA',
  'sRGB',
  'pHYs',
  'IDAT',
  'IEND',
]);

const SIGNATURE = 8;
/** Length, name and check sum, around the content. */
const AROUND = 12;

/** @throws NotShown where the file is not whole. */
export function rewritePng(file: Buffer): Rewritten {
  const kept = [file.subarray(0, SIGNATURE)];
  const names = new Set<string>();
  for (let at = SIGNATURE; !names.has('IEND');) {
    if (at + AROUND > file.length) throw new NotShown('The file ends too early.');
    const end = at + AROUND + file.readUInt32BE(at);
    if (end > file.length) throw new NotShown('The file ends too early.');
    const chunk = file.subarray(at, end);
    const name = chunk.toString('latin1', 4, 8);
    if (crc(chunk.subarray(4, -4)) !== chunk.readUInt32BE(chunk.length - 4)) {
      throw new NotShown('The file is damaged.');
    }
    if (names.size === 0 && name !== 'IHDR') throw new NotShown('The file has no header.');
    names.add(name);
    if (KEPT.has(name)) kept.push(chunk);
    at = end;
  }
  if (!names.has('IDAT')) throw new NotShown('There is nothing to see in it.');
  const bytes = Buffer.concat(kept);
  // The header is the first chunk: its content begins after the signature, the length and the name.
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width === 0 || height === 0) throw new NotShown('It has no size.');
  return { bytes, width, height };
}

/** CRC-32, as in the annex of the specification. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    value = (value & 1) === 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  }
  return value;
});

export function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (CRC_TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
