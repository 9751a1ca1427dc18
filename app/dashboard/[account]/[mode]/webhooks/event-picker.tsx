'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { Checkbox, Switch } from '@/components/ui/choices';
import { cx } from '@/components/ui/classes';
import { Input } from '@/components/ui/field';
import { Skeleton } from '@/components/ui/surfaces';

export interface EventPickerProps {
  /** Types, or `*` alone for all of them. */
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly error: string | null;
}

/** What an endpoint listens for: by kind of object, and found by typing. */
export function EventPicker({ chosen, onChange, error }: EventPickerProps) {
  const [text, setText] = useState('');
  const types = trpc.dashboard.webhooks.eventTypes.useQuery();
  const isAll = chosen.includes('*');
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-1.5 text-sm font-medium">Events</legend>
      <Switch
        label="All events"
        note="Also those of kinds that are yet to come."
        checked={isAll}
        onChange={(on) => onChange(on ? ['*'] : [])}
      />
      {!isAll && (
        <>
          <Input
            type="search"
            aria-label="Search events"
            placeholder="Search events"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          {types.data === undefined ? (
            types.error === null ? (
              <Skeleton className="h-40" />
            ) : (
              <FailureNote error={types.error} onRetry={() => void types.refetch()} />
            )
          ) : (
            <Groups types={types.data} text={text} chosen={chosen} onChange={onChange} />
          )}
          <p className="text-[13px] text-muted" aria-live="polite">
            {chosen.length === 1 ? '1 event chosen' : `${chosen.length} events chosen`}
          </p>
        </>
      )}
      {error !== null && (
        <p role="alert" className="text-[13px] text-bad">
          {error}
        </p>
      )}
    </fieldset>
  );
}

interface GroupsProps extends Omit<EventPickerProps, 'error'> {
  readonly types: readonly string[];
  readonly text: string;
}

function Groups({ types, text, chosen, onChange }: GroupsProps) {
  const wanted = types.filter((type) => type.includes(text.trim().toLowerCase()));
  const groups = grouped(wanted);
  if (groups.size === 0) return <p className="text-sm text-muted">No event is called so.</p>;
  const set = (changed: readonly string[], isChosen: boolean): void => {
    const others = chosen.filter((type) => !changed.includes(type));
    onChange(isChosen ? [...others, ...changed] : others);
  };
  return (
    <ul className="flex flex-col divide-y divide-line overflow-hidden rounded-xl border border-line">
      {[...groups].map(([name, members]) => (
        <Group
          key={name}
          name={name}
          types={members}
          chosen={chosen}
          isFound={text.trim() !== ''}
          onSet={set}
        />
      ))}
    </ul>
  );
}

/** By the kind of object that they are about. */
function grouped(types: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const type of types) {
    const name = type.slice(0, type.indexOf('.'));
    groups.set(name, [...(groups.get(name) ?? []), type]);
  }
  return groups;
}

interface GroupProps {
  readonly name: string;
  readonly types: readonly string[];
  readonly chosen: readonly string[];
  /** By what was typed: it is open then. */
  readonly isFound: boolean;
  readonly onSet: (types: readonly string[], isChosen: boolean) => void;
}

function Group({ name, types, chosen, isFound, onSet }: GroupProps) {
  const [isOpen, setIsOpen] = useState(false);
  const isShown = isOpen || isFound;
  const count = types.filter((type) => chosen.includes(type)).length;
  return (
    <li>
      <div className="flex items-center gap-2 px-3 py-2">
        <Checkbox
          label={`All of ${name}`}
          isLabelHidden
          checked={count === 0 ? false : count === types.length ? true : 'indeterminate'}
          onChange={(isChosen) => onSet(types, isChosen)}
        />
        <button
          type="button"
          aria-expanded={isShown}
          onClick={() => setIsOpen(!isOpen)}
          className="flex min-w-0 flex-1 cursor-pointer items-center gap-2 text-left text-sm"
        >
          <span className="truncate font-medium">{name}</span>
          <span className="ml-auto text-[13px] text-muted tabular-nums">
            {count}/{types.length}
          </span>
          <ChevronRight
            aria-hidden
            className={cx(
              'size-4 shrink-0 text-muted transition-transform',
              isShown && 'rotate-90',
            )}
          />
        </button>
      </div>
      {isShown && (
        <div className="flex flex-col gap-2 px-3 pb-3 pl-9">
          {types.map((type) => (
            <Checkbox
              key={type}
              label={<span className="font-mono text-[13px] break-all">{type}</span>}
              checked={chosen.includes(type)}
              onChange={(isChosen) => onSet([type], isChosen)}
            />
          ))}
        </div>
      )}
    </li>
  );
}
