'use client';

import { useQuery } from '@tanstack/react-query';
import { getUntypedClient } from '@trpc/client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { keyOf, type At, type Inputs, type RowOf } from '@/components/api/queries';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { Panel } from '@/components/layout/panel';
import { cx } from '@/components/ui/classes';
import { Card, Skeleton, Table, Td, Th } from '@/components/ui/surfaces';

export interface PartColumn<Row> {
  readonly header: string;
  readonly align?: 'end';
  readonly cell: (row: Row) => ReactNode;
  /** Seen at 360 pixels too. */
  readonly isNarrow?: boolean;
}

/** What belongs to an object, as a value: declared once, shown on the pages of several. */
export interface PartSpec<Path extends string, Row> {
  readonly title: string;
  /** Such as `paymentIntents.list`. */
  readonly path: Path;
  readonly columns: readonly PartColumn<Row>[];
  readonly empty: string;
  /** The page of a row, below the project's own, where it has one. */
  readonly href?: (row: Row) => string;
}

export const definePart = <const Path extends string>(
  spec: PartSpec<Path, RowOf<Path> & { id: string }>,
): PartSpec<Path, RowOf<Path> & { id: string }> => spec;

export interface PartListProps<Path extends string, Row> {
  readonly part: PartSpec<Path, Row>;
  /** What it is asked with: `{ customer: id }`; left out where nothing is. */
  readonly input?: At<Inputs, Path>;
  readonly actions?: ReactNode;
  /** What can be done with one row: a menu, at its end. */
  readonly renderActions?: ((row: Row) => ReactNode) | undefined;
}

/** The newest few of a part, in a card. */
export function PartList<Path extends string, Row>(props: PartListProps<Path, Row>) {
  return (
    <Card title={props.part.title} actions={props.actions} isFlush>
      <Panel>
        <Part {...(props as unknown as PartListProps<string, AnyRow>)} />
      </Panel>
    </Card>
  );
}

type AnyRow = { readonly id: string };

type Answer = readonly AnyRow[] | { readonly data: readonly AnyRow[] };

const rowsOf = (answer: Answer): readonly AnyRow[] => ('data' in answer ? answer.data : answer);

function Part(props: PartListProps<string, AnyRow>) {
  const { part, renderActions } = props;
  const { path, columns, empty } = part;
  const input = props.input as object | undefined;
  const { client } = trpc.useUtils();
  const query = useQuery({
    queryKey: keyOf({ path, input }),
    queryFn: () => getUntypedClient(client).query(path, input) as Promise<Answer>,
  });
  const rows = query.data === undefined ? undefined : rowsOf(query.data);
  if (query.error !== null && query.data === undefined) {
    return <FailureNote error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (rows?.length === 0) {
    return <p className="px-4 py-4 text-sm text-muted sm:px-5">{empty}</p>;
  }
  return (
    <Table aria-label={part.title} aria-busy={rows === undefined}>
      <thead>
        <tr>
          {columns.map((column) => (
            <Th key={column.header} className={lookOf(column)}>
              {column.header}
            </Th>
          ))}
          {renderActions !== undefined && (
            <Th className="w-0">
              <span className="sr-only">Actions</span>
            </Th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows?.map((row) => <OneRow key={row.id} row={row} {...props} />) ?? (
          <tr className="group">
            {columns.map((column) => (
              <Td key={column.header} className={lookOf(column)}>
                <Skeleton className={cx('w-24', column.align === 'end' && 'ml-auto')} />
              </Td>
            ))}
            {renderActions !== undefined && <Td />}
          </tr>
        )}
      </tbody>
    </Table>
  );
}

const lookOf = ({ align, isNarrow = false }: PartColumn<AnyRow>): string =>
  cx(align === 'end' && 'text-right', !isNarrow && 'max-sm:hidden');

function OneRow(props: PartListProps<string, AnyRow> & { row: AnyRow }) {
  const { row, renderActions } = props;
  const { columns, href } = props.part;
  const project = useProject();
  return (
    <tr className={cx('group relative', href !== undefined && 'hover:bg-sunken/60')}>
      {columns.map((column, index) => (
        <Td key={column.header} className={cx('max-w-64 truncate', lookOf(column))}>
          {index === 0 && href !== undefined ? (
            <Link
              href={project.href(href(row))}
              prefetch={false}
              className="font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
            >
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </Td>
      ))}
      {renderActions !== undefined && (
        <Td className="relative z-10 w-0 text-right">{renderActions(row)}</Td>
      )}
    </tr>
  );
}
