'use client';

import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/surfaces';
import type { Place } from './place';

export interface ShortcutsProps {
  readonly places: readonly Place[];
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

const ANYWHERE = [
  ['Find anything', ['⌘', 'K']],
  ['Search the list', ['/']],
  ['Next and previous row', ['↓', '↑']],
  ['Open the row', ['↵']],
  ['These shortcuts', ['?']],
] as const;

export function Shortcuts({ places, isOpen, onOpenChange }: ShortcutsProps) {
  const jumps = places.flatMap(({ name, jump }) =>
    jump === undefined ? [] : [[`Go to ${name}`, ['g', jump]] as const],
  );
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title="Keyboard shortcuts" isReading>
      <dl className="flex flex-col gap-2.5 text-sm">
        {[...ANYWHERE, ...jumps].map(([what, keys]) => (
          <div key={what} className="flex items-center justify-between gap-4">
            <dt>{what}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
