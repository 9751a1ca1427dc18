import type { ReactNode } from 'react';
import { CopyButton } from './copy';
import { cx } from './classes';
import { coloured, type Language } from './colours';

export interface CodeBlockProps {
  readonly code: string;
  readonly language?: Language;
  /** What it is, for those who hear it. */
  readonly label: string;
  readonly className?: string;
  /** Above the code: a title, or buttons. */
  readonly header?: ReactNode;
}

/** Code to read and to take away. It wraps, because a box that scrolls sideways hides its end. */
export function CodeBlock({ code, language = 'json', label, className, header }: CodeBlockProps) {
  return (
    <figure
      aria-label={label}
      className={cx(
        'relative min-w-0 overflow-hidden rounded-lg border border-line bg-sunken',
        className,
      )}
    >
      {header !== undefined && (
        <figcaption className="border-b border-line px-4 py-2 text-[13px] text-muted">
          {header}
        </figcaption>
      )}
      <CopyButton
        text={code}
        label={`Copy ${label}`}
        className="absolute top-1.5 right-1.5 bg-sunken"
      />
      <pre className="p-4 pr-11 font-mono text-[12.5px] leading-5.5 break-words whitespace-pre-wrap">
        <code>
          {coloured(code, language).map(({ text, look }, index) => (
            // The pieces of a text have no other identity than their place in it.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={index} className={look}>
              {text}
            </span>
          ))}
        </code>
      </pre>
    </figure>
  );
}
