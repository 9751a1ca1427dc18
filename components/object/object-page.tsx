'use client';

import { Braces, Terminal } from 'lucide-react';
import type { ReactNode } from 'react';
import { failureOf } from '@/components/api/failure';
import { FailureNote } from '@/components/layout/failure-note';
import { PageHeader } from '@/components/layout/page-header';
import { Time } from '@/components/time/time';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code';
import { CopyId, useCopy } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { Card, Skeleton } from '@/components/ui/surfaces';
import { useToasts } from '@/components/ui/toast';

export interface ApiObject {
  readonly id: string;
  readonly object: string;
  readonly created?: number;
}

export interface ObjectPageProps {
  readonly back: { readonly href: string; readonly label: string };
  readonly title: ReactNode;
  readonly badge?: ReactNode;
  /** As on the wire. */
  readonly object: ApiObject;
  /** Of the REST API: `/v1/customers/cus_…`. */
  readonly path: string;
  readonly actions?: ReactNode;
  /** The wide column: what there is to do and to see. */
  readonly children: ReactNode;
  /** The narrow one: what there is to know. */
  readonly aside?: ReactNode;
}

/** A page about one object, with what every object has: its id, its JSON and the request that reads it. */
export function ObjectPage(props: ObjectPageProps) {
  const { back, title, badge, object, path, actions, children, aside } = props;
  return (
    <div className="flex min-w-0 flex-col gap-6">
      <PageHeader
        title={title}
        badge={badge}
        back={back}
        actions={actions}
        note={
          <>
            <CopyId id={object.id} />
            {object.created !== undefined && (
              <span>
                Created <Time at={object.created} as="ago" />
              </span>
            )}
          </>
        }
      />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">{children}</div>
        <aside aria-label="Details" className="flex min-w-0 flex-col gap-6">
          {aside}
          <Card title="For developers">
            <div className="flex flex-wrap gap-2">
              <JsonButton value={object} />
              <CurlButton path={path} />
            </div>
          </Card>
        </aside>
      </div>
    </div>
  );
}

/** The whole object, as the API answers it. */
export function JsonButton({ value }: { value: ApiObject }) {
  return (
    <Dialog
      width="wide"
      title="As JSON"
      isReading
      trigger={
        <Button size="small">
          <Braces aria-hidden />
          View JSON
        </Button>
      }
    >
      <CodeBlock code={JSON.stringify(value, null, 2)} label="JSON" />
    </Dialog>
  );
}

/** A request for the shell. The key is named and not shown: what is copied gets pasted anywhere. */
export function CurlButton({
  path,
  method = 'GET',
}: {
  path: string;
  method?: 'GET' | 'POST' | 'DELETE';
}) {
  const { copy, isCopied } = useCopy();
  const toasts = useToasts();
  const copyCurl = async (): Promise<void> => {
    const flag = method === 'GET' ? '' : ` -X ${method}`;
    const line = `curl${flag} ${globalThis.location.origin}${path} -u "$CALMONY_KEY:"`;
    if (!(await copy(line))) return;
    toasts.done('Copied as cURL', 'Set CALMONY_KEY to a secret key of this project.');
  };
  return (
    <Button size="small" onClick={() => void copyCurl()}>
      <Terminal aria-hidden />
      {isCopied ? 'Copied' : 'Copy as cURL'}
    </Button>
  );
}

/** While the object is on its way, in about its size. */
export const ObjectSkeleton = () => (
  <div aria-busy className="flex flex-col gap-6">
    <div className="flex flex-col gap-3">
      <Skeleton className="w-20" />
      <Skeleton className="h-6 w-64" />
      <Skeleton className="w-48" />
    </div>
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Skeleton className="h-64" />
      <Skeleton className="h-48" />
    </div>
  </div>
);

/** What stands where an object cannot be shown. */
export function ObjectFailure(props: {
  error: unknown;
  back: ObjectPageProps['back'];
  onRetry: () => void;
}) {
  const isMissing = failureOf(props.error).status === 404;
  return (
    <div className="flex flex-col gap-6">
      <PageHeader title={isMissing ? 'Not found' : 'Not loaded'} back={props.back} />
      <Card>
        <FailureNote error={props.error} onRetry={props.onRetry} />
      </Card>
    </div>
  );
}
