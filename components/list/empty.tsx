'use client';

import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code';
import type { AnyList } from './define';
import { useSnippetPlace } from './snippet-place';

/**
 * Nothing there yet: what belongs here, and how a program makes the first one. Whoever makes it by
 * hand does so above: a form that opened from here would be gone as soon as there is something.
 */
export function Empty({ list }: { list: AnyList }) {
  const place = useSnippetPlace();
  return (
    <div className="flex flex-col items-center gap-6 px-4 py-12 sm:py-16">
      <div className="flex max-w-md flex-col items-center gap-4 text-center">
        <h2 className="text-base font-semibold">No {list.nouns[1]} yet</h2>
        <p className="text-sm leading-relaxed text-pretty text-muted">{list.empty.sentence}</p>
      </div>
      {list.empty.snippet !== undefined && (
        <CodeBlock
          code={list.empty.snippet(place)}
          language="typescript"
          label="code for the Stripe SDK"
          className="w-full max-w-xl text-left"
        />
      )}
    </div>
  );
}

/** Something is there, but not this. */
export function NoResult({ list, onClear }: { list: AnyList; onClear: () => void }) {
  return (
    <div className="flex flex-col items-center gap-4 px-4 py-16 text-center">
      <p className="text-sm text-muted">No {list.nouns[1]} match these filters.</p>
      <Button size="small" onClick={onClear}>
        Clear filters
      </Button>
    </div>
  );
}
