'use client';

import {
  Cancel,
  Content,
  Description,
  Overlay,
  Portal,
  Root,
  Title,
  Trigger,
} from 'radix-ui/alert-dialog';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { Button } from './button';
import { DialogActions, overlayLook } from './dialog';
import { Input } from './field';

export interface ConfirmProps {
  readonly trigger?: ReactNode;
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  readonly title: string;
  /** What will be lost, in a sentence or two. */
  readonly children: ReactNode;
  /** What the button says, such as `Delete customer`. */
  readonly action: string;
  /** Must be typed before the button works: for what cannot be undone. */
  readonly typed?: string;
  readonly look?: 'danger' | 'primary';
  /** The dialog stays open until it resolves, and when it rejects, with the reason. */
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks once more before something is done. */
export function Confirm({ trigger, isOpen, onOpenChange, ...question }: ConfirmProps) {
  const [isOpenHere, setIsOpenHere] = useState(false);
  const setOpen = (next: boolean): void => {
    setIsOpenHere(next);
    onOpenChange?.(next);
  };
  return (
    <Root open={isOpen ?? isOpenHere} onOpenChange={setOpen}>
      {trigger !== undefined && <Trigger asChild>{trigger}</Trigger>}
      <Portal>
        <Overlay className={overlayLook} />
        <Content
          // What is to be typed, else the way out: never the button that does it.
          onOpenAutoFocus={focusField}
          className="fixed top-1/2 left-1/2 z-50 w-[calc(100vw-2rem)] max-w-md -translate-1/2 rounded-xl border border-line bg-surface p-5 shadow-2xl outline-none animate-rise"
        >
          <Question {...question} onDone={() => setOpen(false)} />
        </Content>
      </Portal>
    </Root>
  );
}

function focusField(event: Event): void {
  const field = (event.currentTarget as HTMLElement).querySelector('input');
  if (field === null) return;
  event.preventDefault();
  field.focus();
}

type QuestionProps = Pick<
  ConfirmProps,
  'title' | 'children' | 'action' | 'typed' | 'look' | 'onConfirm'
>;

/** Mounted while the dialog is open, so that nothing typed before is still there. */
function Question(props: QuestionProps & { onDone: () => void }) {
  const { title, children, action, typed, look = 'danger', onConfirm, onDone } = props;
  const [text, setText] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  const field = useId();
  const isAllowed = typed === undefined || text.trim() === typed;

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!isAllowed || isBusy) return;
    setIsBusy(true);
    setReason(null);
    try {
      await onConfirm();
      onDone();
    } catch (error) {
      setReason(error instanceof Error ? error.message : String(error));
      setIsBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Title className="text-base font-semibold">{title}</Title>
      <Description asChild>
        <div className="mt-1.5 text-sm leading-relaxed text-muted">{children}</div>
      </Description>
      {typed !== undefined && (
        <div className="mt-4 flex flex-col gap-1.5">
          <label htmlFor={field} className="text-sm">
            Type <strong className="font-mono text-[13px] font-semibold break-all">{typed}</strong>{' '}
            to confirm
          </label>
          <Input
            id={field}
            value={text}
            onChange={(event) => setText(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </div>
      )}
      {reason !== null && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {reason}
        </p>
      )}
      <DialogActions>
        <Cancel asChild>
          <Button>Cancel</Button>
        </Cancel>
        <Button type="submit" look={look} disabled={!isAllowed} isBusy={isBusy}>
          {action}
        </Button>
      </DialogActions>
    </form>
  );
}
