'use client';

import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { Button } from '@/components/ui/button';
import { Skeleton, Table, Td, Th } from '@/components/ui/surfaces';
import { resourceName, RIGHTS, type Right } from './types';

export interface RightsMatrixProps {
  /** By resource; what is not named is `none`. */
  readonly rights: Readonly<Record<string, Right>>;
  readonly onChange: (rights: Readonly<Record<string, Right>>) => void;
}

/** TABLE: what the rights are called. To write is also to read. */
const NAMES: Readonly<Record<Right, string>> = { none: 'None', read: 'Read', write: 'Write' };

/** What a restricted key may do, resource by resource. */
export function RightsMatrix({ rights, onChange }: RightsMatrixProps) {
  const { data: resources, error, refetch } = trpc.dashboard.apiKeys.resources.useQuery();
  if (resources === undefined) {
    return error === null ? (
      <Skeleton className="h-40" />
    ) : (
      <FailureNote error={error} onRetry={() => void refetch()} />
    );
  }
  const setAll = (right: Right): void =>
    onChange(Object.fromEntries(resources.map((resource) => [resource, right])));
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="sr-only">Rights</legend>
      <div className="flex flex-wrap items-center gap-1.5">
        <span className="mr-auto text-sm font-medium">Rights</span>
        {RIGHTS.map((right) => (
          <Button key={right} size="small" onClick={() => setAll(right)}>
            {right === 'none' ? 'Clear' : `${NAMES[right]} all`}
          </Button>
        ))}
      </div>
      <div className="overflow-hidden rounded-xl border border-line">
        <Table aria-label="Rights">
          <thead>
            <tr>
              <Th>Resource</Th>
              {RIGHTS.map((right) => (
                <Th key={right} className="w-14 text-center">
                  {NAMES[right]}
                </Th>
              ))}
            </tr>
          </thead>
          <tbody>
            {resources.map((resource) => (
              <tr key={resource} className="group">
                <Td className="h-9 text-[13px]">{resourceName(resource)}</Td>
                {RIGHTS.map((right) => (
                  <Td key={right} className="h-9 text-center">
                    <input
                      type="radio"
                      name={`right-${resource}`}
                      aria-label={`${resourceName(resource)}: ${NAMES[right]}`}
                      className="size-4 cursor-pointer accent-accent"
                      checked={(rights[resource] ?? 'none') === right}
                      onChange={() => onChange({ ...rights, [resource]: right })}
                    />
                  </Td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </fieldset>
  );
}
