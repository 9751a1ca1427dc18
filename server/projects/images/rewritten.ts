/** A picture of pixels, without what cannot be seen in it. */
export interface Rewritten {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Why a picture is not shown, in a sentence for whoever handed it in. */
export class NotShown extends Error {
  override readonly name = 'NotShown';
}
