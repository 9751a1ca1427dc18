/**
 * Whether a merchant's logo can be drawn. The library unpacks a picture when nobody waits for it any
 * more, and what is wrong with it then would end the process: so it is looked through beforehand.
 */
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

/** Of a PNG: unpacking it keeps a processor busy, some 0.1 s a million. */
const PIXELS_MAX = 2_000_000;

/** TABLE: by the PNG's type of colour, how many samples a pixel has and how many bits each may have. */
const COLOURS: Readonly<Record<number, { samples: number; bits: readonly number[] }>> = {
  0: { samples: 1, bits: [1, 2, 4, 8, 16] },
  2: { samples: 3, bits: [8, 16] },
  3: { samples: 1, bits: [1, 2, 4, 8] },
  4: { samples: 2, bits: [8, 16] },
  6: { samples: 4, bits: [8, 16] },
};

/** A picture as it can be drawn; null where it is a drawing, damaged, or more than a logo. */
export async function drawable(type: string, bytes: Buffer): Promise<Buffer | null> {
  // A JPEG goes onto the paper as it is: what shows it unpacks it.
  if (type === 'image/jpeg') return bytes;
  return type === 'image/png' && (await isWhole(bytes)) ? bytes : null;
}

async function isWhole(png: Buffer): Promise<boolean> {
  const chunks = chunksOf(png);
  const [header] = chunks.get('IHDR') ?? [];
  if (header === undefined || header.length < 13) return false;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [bits, colour, interlace] = [
    header.readUInt8(8),
    header.readUInt8(9),
    header.readUInt8(12),
  ];
  const kind = COLOURS[colour];
  if (kind?.bits.includes(bits) !== true || interlace !== 0) return false;
  if (width * height > PIXELS_MAX || (colour === 3 && !chunks.has('PLTE'))) return false;
  // Each row begins with how it is packed, one of five ways.
  const row = 1 + Math.ceil((width * kind.samples * bits) / 8);
  const size = row * height;
  try {
    const packed = Buffer.concat(chunks.get('IDAT') ?? []);
    const rows = await promisify(inflate)(packed, { maxOutputLength: size });
    if (rows.length !== size) return false;
    for (let at = 0; at < size; at += row) if ((rows[at] ?? 0) > 4) return false;
    return true;
  } catch {
    return false;
  }
}

/** The contents of its chunks, by their names. It was held to its check sums when it was set. */
function chunksOf(png: Buffer): Map<string, Buffer[]> {
  const chunks = new Map<string, Buffer[]>();
  for (let at = 8; at + 12 <= png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    chunks.set(name, [...(chunks.get(name) ?? []), png.subarray(at + 8, end)]);
    at = end + 4;
  }
  return chunks;
}
