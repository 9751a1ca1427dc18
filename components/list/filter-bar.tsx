'use client';

import { Plus, Search, X } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { formatDate } from '@/components/time/format';
import { useViewer, type Viewer } from '@/components/time/viewer';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/classes';
import { Input } from '@/components/ui/field';
import { Popover } from '@/components/ui/popover';
import { tabLook } from '@/components/ui/tabs';
import type { ListAddress } from './address';
import { DatesForm } from './dates-form';
import type { AnyList } from './define';
import { parseDates, type Filter, type TabsFilter } from './filters';

/** Searching and narrowing down: what is chosen is in the address, and so in the back button. */
export function FilterBar({ list, state }: { list: AnyList; state: ListAddress }) {
  const { address, filter, clear } = state;
  const chips = Object.entries(list.filters).filter(([, one]) => one.kind !== 'tabs');
  const isSearching = (address.q ?? '') !== '';
  const hasChosen = chips.some(([name]) => (address[name] ?? '') !== '');
  return (
    // Where there is little room the filters are one row, which is moved sideways.
    <div className="flex min-w-0 flex-wrap items-center gap-2 max-sm:flex-1">
      {list.search !== undefined && (
        <SearchField
          placeholder={list.search.placeholder}
          text={address.q ?? ''}
          onSearch={(q) => filter({ ...none(list), q: q === '' ? null : q })}
        />
      )}
      {!isSearching && (
        <div className="flex items-center gap-2 max-sm:-ml-4 max-sm:w-[calc(100%+1rem)] max-sm:overflow-x-auto max-sm:py-1 max-sm:pl-4 sm:flex-wrap">
          {chips.map(([name, one]) => (
            <Chip
              key={name}
              filter={one}
              value={address[name] ?? ''}
              onChange={(value) => filter({ [name]: value === '' ? null : value })}
            />
          ))}
          {hasChosen && (
            <Button look="quiet" size="small" onClick={clear}>
              Clear filters
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

const none = (list: AnyList): Record<string, null> =>
  Object.fromEntries(Object.keys(list.filters).map((name) => [name, null]));

const SEARCH_PAUSE_MS = 250;

function SearchField(props: {
  placeholder: string;
  text: string;
  onSearch: (text: string) => void;
}) {
  const { placeholder, text, onSearch } = props;
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  // The address can change under it, by the back button.
  if (known !== text) {
    setKnown(text);
    // What is being typed may end in a space, with more to come.
    if (typed.trim() !== text) setTyped(text);
  }
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => onSearch(typed.trim()), SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
    // Only what is typed starts a search.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [typed]);
  return (
    <div className="relative w-full sm:w-72">
      <Search aria-hidden className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" />
      <Input
        type="search"
        data-search
        aria-label={placeholder}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="pl-9"
      />
    </div>
  );
}

interface ChipProps {
  readonly filter: Filter;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A filter: what it is, what is chosen, and behind it the choice. */
function Chip({ filter, value, onChange }: ChipProps) {
  const [isOpen, setIsOpen] = useState(false);
  const viewer = useViewer();
  const isChosen = value !== '';
  const words = isChosen ? wordsOf(filter, value, viewer) : null;
  const choose = (next: string): void => {
    onChange(next);
    setIsOpen(false);
  };
  return (
    <span
      className={cx(
        'inline-flex h-8.5 shrink-0 items-center rounded-full border text-[13px]',
        isChosen ? 'border-line-strong bg-surface' : 'border-dashed border-line-strong',
      )}
    >
      {isChosen && (
        <button
          type="button"
          aria-label={`Clear filter ${filter.label}`}
          onClick={() => onChange('')}
          className="flex h-full cursor-pointer items-center rounded-l-full pr-1 pl-2.5 text-muted hover:text-ink"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
      <Popover
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        label={`Filter by ${filter.label}`}
        className="w-72"
        trigger={
          <button
            type="button"
            className={cx(
              'flex h-full cursor-pointer items-center gap-1.5 rounded-full whitespace-nowrap hover:text-ink',
              isChosen ? 'pr-3 pl-1' : 'px-3 text-muted',
            )}
          >
            {!isChosen && <Plus aria-hidden className="size-3.5" />}
            {filter.label}
            {words !== null && <span className="font-medium text-accent">{words}</span>}
          </button>
        }
      >
        <Form filter={filter} value={value} onChoose={choose} />
      </Popover>
    </span>
  );
}

function wordsOf(filter: Filter, value: string, viewer: Viewer): string {
  switch (filter.kind) {
    case 'text':
      return value;
    case 'tabs':
    case 'choice':
      return filter.options.find((option) => option.value === value)?.label ?? value;
    case 'dates': {
      const { gte, lt } = parseDates(value);
      const [from, until] = [gte, lt === null ? null : lt - 1].map((at) =>
        at === null ? null : formatDate(at, viewer),
      );
      if (from == null) return `until ${until ?? 'now'}`;
      if (until == null) return `from ${from}`;
      return from === until ? from : `${from} – ${until}`;
    }
  }
}

function Form(props: { filter: Filter; value: string; onChoose: (value: string) => void }) {
  const { filter, value, onChoose } = props;
  switch (filter.kind) {
    case 'text':
      return <TextForm filter={filter} value={value} onChoose={onChoose} />;
    case 'dates':
      return <DatesForm label={filter.label} value={value} onChoose={onChoose} />;
    case 'tabs':
    case 'choice':
      return (
        <ul aria-label={filter.label} className="-m-2 flex max-h-80 flex-col overflow-y-auto">
          {filter.options.map((option) => (
            <li key={option.value}>
              <button
                type="button"
                aria-pressed={option.value === value}
                onClick={() => onChoose(option.value)}
                className="w-full cursor-pointer rounded-lg px-2.5 py-1.5 text-left hover:bg-sunken aria-pressed:font-medium aria-pressed:text-accent"
              >
                {option.label}
              </button>
            </li>
          ))}
        </ul>
      );
  }
}

function TextForm(props: {
  filter: { label: string; placeholder: string };
  value: string;
  onChoose: (value: string) => void;
}) {
  const { filter, value, onChoose } = props;
  const [typed, setTyped] = useState(value);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onChoose(typed.trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2.5">
      <Input
        aria-label={filter.label}
        placeholder={filter.placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit" look="primary" size="small">
        Apply
      </Button>
    </form>
  );
}

/** The tabs above the list, where it has some. */
export function FilterTabs({ list, state }: { list: AnyList; state: ListAddress }) {
  const found = Object.entries(list.filters).find(
    (entry): entry is [string, TabsFilter] => entry[1].kind === 'tabs',
  );
  if (found === undefined) return null;
  const [name, { label, options }] = found;
  const chosen = state.address[name] ?? '';
  return (
    <nav aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line">
      {[{ value: '', label: 'All' }, ...options].map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === chosen}
          data-state={option.value === chosen ? 'active' : 'inactive'}
          onClick={() =>
            state.filter({ q: null, [name]: option.value === '' ? null : option.value })
          }
          className={tabLook}
        >
          {option.label}
        </button>
      ))}
    </nav>
  );
}
