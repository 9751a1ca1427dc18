'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button';
import { cx } from './classes';
import { useToasts } from './toast';
import { Tooltip } from './tooltip';

const SHOWN_MS = 1_500;

/**
 * Puts text on the clipboard, and says for a moment that it is there; answers whether it is. Browsers
 * have no clipboard where the page came over plain http from another machine.
 */
export function useCopy(): { isCopied: boolean; copy: (text: string) => Promise<boolean> } {
  const [isCopied, setIsCopied] = useState(false);
  const toasts = useToasts();
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (text: string): Promise<boolean> => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      toasts.failed('It was not copied', 'The browser does not allow it here: select the text.');
      return false;
    }
    setIsCopied(true);
    return true;
  };
  return { isCopied, copy };
}

export function CopyButton({
  text,
  label,
  className,
}: {
  text: string;
  label: string;
  className?: string;
}) {
  const { isCopied, copy } = useCopy();
  return (
    <>
      <IconButton label={label} size="small" className={className} onClick={() => void copy(text)}>
        {isCopied ? <Check className="text-good" /> : <Copy />}
      </IconButton>
      <Copied isCopied={isCopied} />
    </>
  );
}

/** An object's id, which is copied by pressing it. */
export function CopyId({ id, className }: { id: string; className?: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <>
      <Tooltip text={isCopied ? 'Copied' : 'Copy id'}>
        <button
          type="button"
          aria-label={`Copy id ${id}`}
          onClick={() => void copy(id)}
          className={cx(
            'inline-flex min-w-0 cursor-pointer items-center gap-1.5 rounded-md font-mono text-[13px] text-muted hover:text-ink',
            className,
          )}
        >
          <span className="truncate">{id}</span>
          {isCopied ? (
            <Check aria-hidden className="size-3.5 shrink-0 text-good" />
          ) : (
            <Copy aria-hidden className="size-3.5 shrink-0" />
          )}
        </button>
      </Tooltip>
      <Copied isCopied={isCopied} />
    </>
  );
}

const Copied = ({ isCopied }: { isCopied: boolean }) => (
  <output className="sr-only">{isCopied ? 'Copied' : ''}</output>
);
