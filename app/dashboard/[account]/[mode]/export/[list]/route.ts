/** The whole filtered set of a list as CSV, sent page by page as it is read. */
import { getUntypedClient } from '@trpc/client';
import { notFound } from 'next/navigation';
import type { NextRequest } from 'next/server';
import { lists } from '@/app/dashboard/lists';
import { visitOf } from '@/app/dashboard/visit';
import { failureOf } from '@/components/api/failure';
import { filteredCall } from '@/components/list/call';
import { csvOf, type ExportPage } from '@/components/list/csv';

/** As many as the API gives at once. */
const PAGE_SIZE = 100;

interface ExportProps {
  readonly params: Promise<{ account: string; mode: string; list: string }>;
}

export async function GET(request: NextRequest, { params }: ExportProps): Promise<Response> {
  const { list: name, mode } = await params;
  const list = lists.get(name);
  if (list === undefined) notFound();
  const { caller } = await visitOf({ params });
  const { path, input } = filteredCall(list, Object.fromEntries(request.nextUrl.searchParams));
  const cursorName = path === list.path ? 'starting_after' : 'page';
  const pages = csvOf(list, async (cursor) => {
    const page = cursor === null ? {} : { [cursorName]: cursor };
    const asked = { ...input, limit: PAGE_SIZE, ...page };
    return (await getUntypedClient(caller).query(path, asked)) as ExportPage;
  });
  try {
    // The head and the first page are read before the answer begins: what is refused is answered so.
    const begun = [await pages.next(), await pages.next()];
    return new Response(streamOf(begun, pages), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${name}-${mode}.csv"`,
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    const { message, status } = failureOf(error);
    return new Response(message, { status: status ?? 500 });
  }
}

/** A page is only read when the receiver has taken the one before. */
function streamOf(
  begun: readonly IteratorResult<string>[],
  rest: AsyncGenerator<string>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    start(stream) {
      for (const { value, done } of begun) if (done !== true) stream.enqueue(encoder.encode(value));
    },
    async pull(stream) {
      const { value, done } = await rest.next();
      if (done === true) stream.close();
      else stream.enqueue(encoder.encode(value));
    },
    async cancel() {
      await rest.return(undefined);
    },
  });
}
