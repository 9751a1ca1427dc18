'use client';

import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { Close, Description, Provider, Root, Title, Viewport } from 'radix-ui/toast';
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { IconButton } from './button';

interface Toast {
  readonly id: number;
  readonly look: 'good' | 'bad';
  readonly title: string;
  readonly note?: string | undefined;
}

export interface Toasts {
  /** Something was done. */
  readonly done: (title: string, note?: string) => void;
  /** Something was not done, and why. */
  readonly failed: (title: string, note?: string) => void;
}

const Context = createContext<Toasts | null>(null);

export function useToasts(): Toasts {
  const toasts = useContext(Context);
  if (toasts === null) throw new Error('There is no ToastProvider above.');
  return toasts;
}

/** How long it is there to be read, in milliseconds. */
const SHOWN_MS = 6_000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Toast[]>([]);
  const add = useCallback((toast: Omit<Toast, 'id'>) => {
    setShown((before) => [...before, { ...toast, id: (before.at(-1)?.id ?? 0) + 1 }]);
  }, []);
  const remove = (id: number): void => setShown((before) => before.filter((one) => one.id !== id));
  const toasts = useMemo<Toasts>(
    () => ({
      done: (title, note) => add({ look: 'good', title, note }),
      failed: (title, note) => add({ look: 'bad', title, note }),
    }),
    [add],
  );
  return (
    <Context value={toasts}>
      <Provider duration={SHOWN_MS}>
        {children}
        {shown.map((toast) => (
          <OneToast key={toast.id} toast={toast} onGone={() => remove(toast.id)} />
        ))}
        <Viewport className="fixed right-0 bottom-0 z-70 flex w-full max-w-sm flex-col gap-2 p-4 outline-none" />
      </Provider>
    </Context>
  );
}

function OneToast({ toast, onGone }: { toast: Toast; onGone: () => void }) {
  const Icon = toast.look === 'good' ? CircleCheck : CircleAlert;
  return (
    <Root
      onOpenChange={(isOpen) => {
        if (!isOpen) onGone();
      }}
      className="flex items-start gap-3 rounded-xl border border-line bg-surface py-3 pr-2 pl-4 shadow-xl animate-rise"
    >
      <Icon
        aria-hidden
        className={`mt-0.5 size-4.5 shrink-0 ${toast.look === 'good' ? 'text-good' : 'text-bad'}`}
      />
      <div className="min-w-0 flex-1">
        <Title className="text-sm font-medium">{toast.title}</Title>
        {toast.note !== undefined && (
          <Description className="text-[13px] break-words text-muted">{toast.note}</Description>
        )}
      </div>
      <Close asChild>
        <IconButton label="Dismiss" size="small" className="-mt-0.5">
          <X />
        </IconButton>
      </Close>
    </Root>
  );
}
