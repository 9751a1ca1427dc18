/**
 * Pictures that members hand in, as they may be shown to others: what is no picture is refused, and
 * of what is one only the parts are kept that can be seen. Pure.
 */
import { parameterInvalid } from '@/server/kernel/errors';
import { rewriteJpeg } from './jpeg';
import { rewritePng } from './png';
import { rewriteSvg } from './svg';
import { NotShown } from './rewritten';

/** Stripe's limit for a business logo: https://docs.stripe.com/file-upload */
export const BYTES_MAX = 512 * 1024;

/** Decoded, a picture takes four bytes a pixel in whatever browser shows it. */
const PIXELS_A_SIDE_MAX = 4_096;

/** TABLE: how a picture of each type begins, and how it is rewritten. */
const TYPES = [
  { type: 'image/png', begins: Buffer.from('89504e470d0a1a0a', 'hex'), rewrite: rewritePng },
  { type: 'image/jpeg', begins: Buffer.from('ffd8ff', 'hex'), rewrite: rewriteJpeg },
] as const;

export interface Image {
  readonly type: 'image/png' | 'image/jpeg' | 'image/svg+xml';
  readonly bytes: Buffer;
}

/** @throws ApiError 400 that says what is wrong with the picture. */
export function toImage(given: Buffer, param: string): Image {
  if (given.length > BYTES_MAX) {
    throw parameterInvalid(`A picture has at most ${BYTES_MAX / 1024} KB.`, param);
  }
  const known = TYPES.find(({ begins }) => given.subarray(0, begins.length).equals(begins));
  try {
    if (known === undefined) return { type: 'image/svg+xml', bytes: rewriteSvg(given) };
    const { bytes, width, height } = known.rewrite(given);
    if (Math.max(width, height) > PIXELS_A_SIDE_MAX) {
      throw new NotShown(`It is larger than ${PIXELS_A_SIDE_MAX} pixels a side.`);
    }
    return { type: known.type, bytes };
  } catch (error) {
    if (!(error instanceof NotShown)) throw error;
    throw parameterInvalid(`This picture cannot be used. ${error.message}`, param);
  }
}
