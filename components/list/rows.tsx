'use client';

import Link from 'next/link';
import type { KeyboardEvent } from 'react';
import { useProject } from '@/components/api/project';
import { cx } from '@/components/ui/classes';
import { Skeleton, Table, Td, Th } from '@/components/ui/surfaces';
import type { AnyList, Column } from './define';

type Row = { readonly id: string };

const columnsOf = (list: AnyList): Column<Row>[] => list.columns as unknown as Column<Row>[];

export interface RowsProps {
  readonly list: AnyList;
  /** Null while they are on their way. */
  readonly rows: readonly Row[] | null;
  readonly picks: Readonly<Record<string, boolean>>;
  readonly isStale: boolean;
}

const SKELETON_ROWS = 8;

/** The table. The arrow keys go from row to row, and Enter opens one. */
export function Rows({ list, rows, picks, isStale }: RowsProps) {
  const seen = columnsOf(list).filter(({ id }) => picks[id] ?? true);
  return (
    <Table
      aria-label={list.title}
      aria-busy={rows === null || isStale}
      className={cx(isStale && 'opacity-60')}
    >
      <thead>
        <tr>
          {seen.map((column) => (
            <Th key={column.id} className={lookOf(column)}>
              {column.header}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows === null
          ? Array.from({ length: SKELETON_ROWS }, (_, index) => (
              <SkeletonRow key={index} columns={seen} />
            ))
          : rows.map((row) => <OneRow key={row.id} list={list} row={row} columns={seen} />)}
      </tbody>
    </Table>
  );
}

const lookOf = ({ align, isNarrow = false }: Column<Row>): string =>
  cx(align === 'end' && 'text-right', !isNarrow && 'max-sm:hidden');

/** On a narrow screen it has what the others leave, and is cut; but never so that nothing is left of it. */
const FIRST_LOOK = 'max-sm:w-full max-sm:max-w-0 max-sm:min-w-25';

function OneRow({
  list,
  row,
  columns,
}: {
  list: AnyList;
  row: Row;
  columns: readonly Column<Row>[];
}) {
  const { href } = useProject();
  const to = (list.href as ((row: Row) => string | null) | null)?.(row) ?? null;
  return (
    <tr className={cx('group relative', to !== null && 'hover:bg-sunken/60')}>
      {columns.map((column, index) => (
        <Td
          key={column.id}
          // The first gives way where there is little room, so that the others can be read.
          className={cx(
            column.isWide === true ? 'max-w-72 xl:max-w-lg' : 'max-w-72',
            index === 0 && FIRST_LOOK,
            lookOf(column),
          )}
        >
          {index === 0 && to !== null ? (
            // Its target covers the row; what can be pressed besides lies above it.
            <Link
              href={href(to)}
              data-row
              onKeyDown={moveFocus}
              prefetch={false}
              className="block truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
            >
              {column.cell(row)}
            </Link>
          ) : (
            <div className={cx('truncate', index === 0 && 'font-medium')}>{column.cell(row)}</div>
          )}
        </Td>
      ))}
    </tr>
  );
}

const SkeletonRow = ({ columns }: { columns: readonly Column<Row>[] }) => (
  <tr className="group">
    {columns.map((column, index) => (
      <Td key={column.id} className={lookOf(column)}>
        <Skeleton
          className={cx(index === 0 ? 'w-40' : 'w-24', column.align === 'end' && 'ml-auto')}
        />
      </Td>
    ))}
  </tr>
);

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
  const body = event.currentTarget.closest('tbody');
  const links = [...(body?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  const next = links[links.indexOf(event.currentTarget) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
