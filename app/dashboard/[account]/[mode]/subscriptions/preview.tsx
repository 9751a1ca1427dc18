'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, type ReactNode } from 'react';
import { failureOf } from '@/components/api/failure';
import { keyOf, type Inputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Skeleton } from '@/components/ui/surfaces';
import { Statement } from '../invoices/statement';

type Asked = Exclude<Inputs['invoicePreviews']['createPreview'], void | undefined>;

/** The code of the refusal that there is nothing to preview. */
const NONE = 'invoice_upcoming_none';

/** What would be invoiced, by the server: asked again whenever what it is asked with changes. */
export function usePreview(asked: Asked | null) {
  const { client } = trpc.useUtils();
  const given = useDeferredValue(asked);
  return useQuery({
    queryKey: keyOf({ path: 'invoicePreviews.createPreview', input: given ?? {} }),
    queryFn: () => client.invoicePreviews.createPreview.mutate(given ?? {}),
    enabled: given !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

interface PreviewProps {
  readonly asked: Asked;
  readonly label: string;
  /** What stands where nothing would be invoiced. */
  readonly none: ReactNode;
}

/** An invoice that is not there yet. */
export function Preview({ asked, label, none }: PreviewProps) {
  const { data, error } = usePreview(asked);
  if (error !== null) {
    const { code, message } = failureOf(error);
    return <p className="px-4 py-4 text-sm text-muted sm:px-5">{code === NONE ? none : message}</p>;
  }
  if (data === undefined) {
    return (
      <div aria-busy className="px-4 py-4 sm:px-5">
        <Skeleton className="w-48" />
      </div>
    );
  }
  return <Statement invoice={data} label={label} />;
}
