'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getUntypedClient } from '@trpc/client';
import { Columns3, Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { keyOf } from '@/components/api/queries';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { PageHeader } from '@/components/layout/page-header';
import { Button, IconButton } from '@/components/ui/button';
import { Menu, MenuCheck, MenuLabel } from '@/components/ui/menu';
import { useListAddress, type ListAddress } from './address';
import { isFiltered, listCall, PAGE_SIZE } from './call';
import { useColumnPicks } from './columns';
import type { AnyList, ListSpec } from './define';
import { Empty, NoResult } from './empty';
import { exportHref } from './export';
import { FilterBar, FilterTabs } from './filter-bar';
import { Rows } from './rows';

interface Answer {
  readonly data: readonly { id: string }[];
  readonly has_more: boolean;
  /** Of a search. */
  readonly next_page?: string | null;
}

export interface ListPageProps<Path extends string, Row> {
  readonly list: ListSpec<Path, Row>;
  /** What makes a new one: a button that opens a form. */
  readonly action?: ReactNode;
  /** Between the title and the list. */
  readonly children?: ReactNode;
}

/** A page that is a list: title, filters, table, pages, columns, export and every state between. */
export function ListPage<Path extends string, Row>(props: ListPageProps<Path, Row>) {
  const { action, children } = props;
  const list = props.list as unknown as AnyList;
  const state = useListAddress(list);
  const { picks, pick } = useColumnPicks(list);
  const query = useListQuery(list, state);
  const project = useProject();
  const isEmpty = query.data?.data.length === 0;
  const isNew = isEmpty && !isFiltered(list, state.address) && state.address.starting_after == null;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <PageHeader title={list.title} actions={action} />
      {children}
      <FilterTabs list={list} state={state} />
      <div className="flex items-end justify-between gap-2 sm:flex-wrap sm:items-center">
        <FilterBar list={list} state={state} />
        <div className="ml-auto flex items-center gap-1 max-sm:mb-1.5">
          <Button size="small" look="quiet" asChild>
            <a href={exportHref(project, list, state.address)} download>
              <Download aria-hidden />
              <span className="max-sm:sr-only">Export</span>
            </a>
          </Button>
          <ColumnsMenu list={list} picks={picks} onPick={pick} />
        </div>
      </div>
      <div className="min-w-0 overflow-x-auto rounded-xl border border-line bg-surface">
        {query.error !== null && query.data === undefined ? (
          <FailureNote error={query.error} onRetry={() => void query.refetch()} />
        ) : isNew ? (
          <Empty list={list} />
        ) : isEmpty ? (
          <NoResult list={list} onClear={state.clear} />
        ) : (
          <>
            <Rows
              list={list}
              rows={query.data?.data ?? null}
              picks={picks}
              isStale={query.isPlaceholderData}
            />
            {query.data !== undefined && (
              <Pager
                list={list}
                answer={query.data}
                state={state}
                isStale={query.isPlaceholderData}
              />
            )}
          </>
        )}
      </div>
    </div>
  );
}

function useListQuery(list: AnyList, { address }: ListAddress) {
  const { client } = trpc.useUtils();
  const call = listCall(list, address);
  return useQuery({
    queryKey: keyOf(call),
    queryFn: ({ signal }) =>
      getUntypedClient(client).query(call.path, call.input, { signal }) as Promise<Answer>,
    placeholderData: keepPreviousData,
  });
}

function ColumnsMenu(props: {
  list: AnyList;
  picks: Readonly<Record<string, boolean>>;
  onPick: (id: string, isSeen: boolean) => void;
}) {
  const { list, picks, onPick } = props;
  return (
    <Menu
      trigger={
        <IconButton label="Columns" size="small" className="max-sm:hidden">
          <Columns3 />
        </IconButton>
      }
    >
      <MenuLabel>Columns</MenuLabel>
      {list.columns.map(({ id, header }, index) => (
        <MenuCheck
          key={id}
          checked={picks[id] ?? true}
          disabled={index === 0}
          onCheckedChange={(isSeen) => onPick(id, isSeen)}
        >
          {header}
        </MenuCheck>
      ))}
    </Menu>
  );
}

interface PagerProps {
  readonly list: AnyList;
  readonly answer: Answer;
  readonly state: ListAddress;
  /** The answer is still that of the page before. */
  readonly isStale: boolean;
}

/** `26–50`, and `1 customer` where there is no other. */
function rangeText({ nouns }: AnyList, from: number, count: number): string {
  if (count > 1) return `${from}–${from + count - 1}`;
  return from === 1 ? `1 ${nouns[0]}` : String(from);
}

/** Which rows these are. There is no total: counting them all would cost more than showing them. */
function Pager({ list, answer, state: { address, turn }, isStale }: PagerProps) {
  const { data, has_more, next_page } = answer;
  const from = Number(address.from ?? 1);
  const isBackwards = address.ending_before != null;
  const hasNext = isBackwards || has_more;
  const isSearch = next_page !== undefined;
  const next = isSearch ? next_page : data.at(-1)?.id;
  const goBack = (): void => {
    // A search has no page before; and what is before the second page is the first, as it is now.
    if (isSearch || from - PAGE_SIZE <= 1) return turn({});
    turn({ ...(data[0] === undefined ? {} : { before: data[0].id }), from: from - PAGE_SIZE });
  };
  return (
    <div className="flex items-center justify-between gap-3 border-t border-line px-4 py-2 sm:px-5">
      <p className="text-[13px] text-muted tabular-nums" aria-live="polite">
        {!isStale && rangeText(list, from, data.length)}
      </p>
      <div className="flex gap-1.5">
        <Button size="small" disabled={isStale || from <= 1} onClick={goBack}>
          {isSearch ? 'First page' : 'Previous'}
        </Button>
        <Button
          size="small"
          disabled={isStale || !hasNext || next == null}
          onClick={() => turn({ after: next ?? '', from: from + data.length })}
        >
          Next
        </Button>
      </div>
    </div>
  );
}
