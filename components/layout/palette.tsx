'use client';

import { useQueries } from '@tanstack/react-query';
import { getUntypedClient } from '@trpc/client';
import { Command } from 'cmdk';
import { CornerDownLeft, Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Content, Overlay, Portal, Root, Title } from 'radix-ui/dialog';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { keyOf } from '@/components/api/queries';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { overlayLook } from '@/components/ui/dialog';
import { choiceLook } from '@/components/ui/menu';
import { cx } from '@/components/ui/classes';
import { placeOf, type Place } from './place';

export interface PaletteProps {
  readonly places: readonly Place[];
  readonly onClose: () => void;
}

/** Finds a page by its name, an object by its id, and a customer by name or e-mail. */
export function Palette({ places, onClose }: PaletteProps) {
  const [typed, setTyped] = useState('');
  const router = useRouter();
  const { href } = useProject();
  const text = typed.trim();
  const found = useFound(places, useDeferredValue(text));
  const go = (page: string): void => {
    onClose();
    router.push(href(page));
  };
  return (
    <Root open onOpenChange={(isOpen) => isOpen || onClose()}>
      <Portal>
        <Overlay className={overlayLook} />
        <Content
          aria-describedby={undefined}
          className="fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-surface shadow-2xl outline-none animate-rise"
        >
          <Title className="sr-only">Find anything</Title>
          {/* What is there was found by the server or below: the list is not to filter it again. */}
          <Command shouldFilter={false} label="Find anything">
            <div className="flex items-center gap-3 border-b border-line px-4">
              <Search aria-hidden className="size-4 shrink-0 text-muted" />
              <Command.Input
                value={typed}
                onValueChange={setTyped}
                placeholder="A page, an id, a name or an e-mail address"
                className="h-12 w-full bg-transparent text-sm outline-none placeholder:text-faint"
              />
            </div>
            <Command.List className="max-h-80 overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-sm text-muted">
                {found.isLooking ? 'Looking…' : 'Nothing found.'}
              </Command.Empty>
              <Objects places={places} text={text} onGo={go} />
              {found.hits.map(({ place, title, note, id }) => (
                <Choice
                  key={id}
                  place={place}
                  note={note}
                  onSelect={() => go(`${place.page}/${id}`)}
                >
                  {title}
                </Choice>
              ))}
              <Pages places={places} text={text} onGo={go} />
            </Command.List>
          </Command>
        </Content>
      </Portal>
    </Root>
  );
}

interface Going {
  readonly places: readonly Place[];
  readonly text: string;
  readonly onGo: (page: string) => void;
}

/** A pasted id leads straight to its page, which says so if there is none. */
function Objects({ places, text, onGo }: Going) {
  const place = placeOf(places, text);
  if (place === undefined) return null;
  return (
    <Choice place={place} note={place.name} onSelect={() => onGo(`${place.page}/${text}`)}>
      <span className="font-mono text-[13px]">{text}</span>
    </Choice>
  );
}

function Pages({ places, text, onGo }: Going) {
  const wanted = places.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
  if (wanted.length === 0) return null;
  return (
    <Command.Group heading="Pages" className={groupLook}>
      {wanted.map((place) => (
        <Choice key={place.page} place={place} onSelect={() => onGo(place.page)}>
          {place.name}
        </Choice>
      ))}
    </Command.Group>
  );
}

const groupLook =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-muted';

function Choice(props: { place: Place; note?: string; children: ReactNode; onSelect: () => void }) {
  const { icon: Icon } = props.place;
  return (
    <Command.Item
      onSelect={props.onSelect}
      className={cx(choiceLook, 'group h-10 text-sm data-[selected=true]:bg-sunken')}
    >
      <Icon aria-hidden />
      <span className="min-w-0 truncate">{props.children}</span>
      {props.note !== undefined && (
        <span className="min-w-0 truncate text-[13px] text-muted">{props.note}</span>
      )}
      <CornerDownLeft
        aria-hidden
        className="ml-auto opacity-0 group-data-[selected=true]:opacity-100"
      />
    </Command.Item>
  );
}

interface Hit {
  readonly place: Place;
  readonly id: string;
  readonly title: string;
  readonly note: string;
}

const HITS_MAX = 5;

/** What the server finds, place by place. */
function useFound(places: readonly Place[], text: string): { hits: Hit[]; isLooking: boolean } {
  const { client } = trpc.useUtils();
  const asked = places.flatMap((place) => {
    const query = text === '' ? null : (place.search?.query(text) ?? null);
    return place.search === undefined || query === null
      ? []
      : [{ place, search: place.search, query }];
  });
  const answers = useQueries({
    queries: asked.map(({ search: { path }, query }) => {
      const input = { query, limit: HITS_MAX };
      return {
        queryKey: keyOf({ path, input }),
        queryFn: () =>
          getUntypedClient(client).query(path, input) as Promise<{
            data: Record<string, unknown>[];
          }>,
      };
    }),
  });
  const hits = answers.flatMap(({ data }, index) => {
    const one = asked[index];
    if (one === undefined || data === undefined) return [];
    return data.data.map((row) => ({
      place: one.place,
      id: String(row.id),
      ...one.search.show(row),
    }));
  });
  return { hits, isLooking: answers.some(({ isLoading }) => isLoading) };
}
