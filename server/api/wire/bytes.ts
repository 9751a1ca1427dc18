/**
 * The body of a request; null where it is longer than is allowed. Where its head tells the length, no
 * stream is made of it, which would cost more than what most bodies are read for.
 */
export async function readBytes(request: Request, most: number): Promise<Uint8Array | null> {
  const length = request.headers.get('content-length');
  if (length === null) return readStream(request, most);
  return Number(length) > most ? null : new Uint8Array(await request.arrayBuffer());
}

/** Of a body whose length the head does not tell, no more is read than is allowed. */
async function readStream({ body }: Request, most: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
