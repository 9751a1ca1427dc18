'use client';

import { PageHeader } from '@/components/layout/page-header';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/surfaces';

export interface PageErrorProps {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}

/** A page that broke; what is around it goes on. The digest finds the reason in the server's log. */
export default function PageError({ error, reset }: PageErrorProps) {
  return (
    <div className="flex flex-col gap-6">
      <PageHeader title="This page could not be shown" />
      <Card>
        <div role="alert" className="flex flex-col items-start gap-4 text-sm">
          <p className="text-muted">Something failed on our side. What was accepted is stored.</p>
          {error.digest !== undefined && (
            <p className="text-muted">
              Reference: <code className="font-mono text-ink">{error.digest}</code>
            </p>
          )}
          <Button onClick={reset}>Try again</Button>
        </div>
      </Card>
    </div>
  );
}
