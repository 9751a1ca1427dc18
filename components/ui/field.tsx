import { useId, type ComponentProps, type ReactNode } from 'react';
import { cx } from './classes';

const look =
  'w-full rounded-lg border border-line-strong bg-surface text-sm text-ink shadow-xs transition-colors placeholder:text-faint hover:border-muted/60 disabled:cursor-not-allowed disabled:bg-sunken disabled:text-muted aria-invalid:border-bad';

export const Input = ({ className, ...rest }: ComponentProps<'input'>) => (
  <input className={cx(look, 'h-8.5 px-2.5', className)} {...rest} />
);

export const Textarea = ({ className, rows = 3, ...rest }: ComponentProps<'textarea'>) => (
  <textarea rows={rows} className={cx(look, 'px-2.5 py-2 leading-relaxed', className)} {...rest} />
);

/** What a field gives to the control in it. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

export interface FieldProps {
  readonly label: string;
  /** What to put in, in half a sentence. */
  readonly hint?: ReactNode;
  /** What is wrong with what was put in. */
  readonly error?: string | null | undefined;
  readonly isOptional?: boolean;
  readonly children: (control: FieldControl) => ReactNode;
  readonly className?: string;
}

/** A label, a control and what there is to say about it, tied together for those who hear them. */
export function Field({ label, hint, error, isOptional = false, children, className }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  const hasNote = note !== undefined && note !== null;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1.5', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {isOptional && <span className="font-normal text-muted"> (optional)</span>}
      </label>
      {children({
        id,
        'aria-describedby': hasNote ? `${id}-note` : undefined,
        'aria-invalid': error == null ? undefined : true,
      })}
      {hasNote && (
        <p
          id={`${id}-note`}
          {...(error == null ? {} : { role: 'alert' })}
          className={cx('text-[13px] leading-snug', error == null ? 'text-muted' : 'text-bad')}
        >
          {note}
        </p>
      )}
    </div>
  );
}
