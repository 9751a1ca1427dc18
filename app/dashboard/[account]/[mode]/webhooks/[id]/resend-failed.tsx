'use client';

import { useState } from 'react';
import { failureOf } from '@/components/api/failure';
import { trpc } from '@/components/api/trpc';
import { DatesForm } from '@/components/list/dates-form';
import { parseDates } from '@/components/list/filters';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useToasts } from '@/components/ui/toast';

/** Sends again all that was given up in a time. */
export function ResendFailed({ id }: { id: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const resend = trpc.dashboard.webhooks.resendFailed.useMutation({
    onSuccess: async ({ resent }) => {
      setIsOpen(false);
      toasts.done(
        resent === 0
          ? 'No delivery had failed then'
          : resent === 1
            ? '1 delivery sent again'
            : `${resent} deliveries sent again`,
      );
      await queries.dashboard.webhooks.deliveries.invalidate();
    },
    onError: (error) => toasts.failed('Nothing was sent', failureOf(error).message),
  });
  const choose = (value: string): void => {
    if (resend.isPending) return;
    const { gte, lt } = parseDates(value);
    resend.mutate({ endpoint: id, since: gte ?? 0, ...(lt === null ? {} : { until: lt }) });
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      title="Resend failed deliveries"
      description="Those that were given up, of events of the time that you choose. Without a date it is all of them."
      trigger={<Button size="small">Resend failed</Button>}
    >
      <DatesForm label="Time of the events" value="" onChoose={choose} />
    </Dialog>
  );
}
