/** JPEG, segment by segment. ITU-T T.81, annex B. */
import { NotShown, type Rewritten } from './rewritten';

const END = 0xd9;
const SCAN = 0xda;

/** Of a frame, whose segment tells the size; 0xc4, 0xc8 and 0xcc in between are something else. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/**
 * Tables, frames and scans, JFIF (APP0) and Adobe's word on the colours (APP14). Where a photograph
 * was taken, when, and by which camera is in the segments that are left out.
 */
const isKept = (marker: number): boolean =>
  (marker >= 0xc0 && marker <= 0xdf) || marker === 0xe0 || marker === 0xee;

/** @throws NotShown where the file is not whole. */
export function rewriteJpeg(file: Buffer): Rewritten {
  const kept = [file.subarray(0, 2)];
  let size: { width: number; height: number } | null = null;
  let hasScan = false;
  for (let at = 2; ;) {
    const marker = markerAt(file, at);
    if (marker === END) break;
    if (at + 4 > file.length) throw new NotShown('The file ends too early.');
    const length = file.readUInt16BE(at + 2);
    let end = at + 2 + length;
    if (length < 2 || end > file.length) throw new NotShown('The file is damaged.');
    if (isFrame(marker)) {
      if (length < 8) throw new NotShown('The file is damaged.');
      size = { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) };
    }
    if (marker === SCAN) {
      hasScan = true;
      end = endOfScan(file, end);
    }
    if (isKept(marker)) kept.push(file.subarray(at, end));
    at = end;
  }
  if (!hasScan || size === null) throw new NotShown('There is nothing to see in it.');
  if (size.width === 0 || size.height === 0) throw new NotShown('It has no size.');
  return { bytes: Buffer.concat([...kept, Buffer.from([0xff, END])]), ...size };
}

function markerAt(file: Buffer, at: number): number {
  const marker = file[at + 1];
  if (file[at] !== 0xff || marker === undefined) throw new NotShown('The file is damaged.');
  return marker;
}

/** Where the next marker is: within a scan, 0xff is followed by zero, or by a restart's number. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at !== -1; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1];
    if (next === undefined) break;
    const isWithin = next === 0x00 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
    if (!isWithin) return at;
  }
  throw new NotShown('The file ends too early.');
}
