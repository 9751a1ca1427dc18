'use client';

import { useRouter } from 'next/navigation';
import { failureOf } from '@/components/api/failure';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { useToasts } from '@/components/ui/toast';
import type { Living } from './object';

export function DeleteCustomer({ customer }: { customer: Living }) {
  const router = useRouter();
  const { href } = useProject();
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const remove = trpc.customers.remove.useMutation();
  const name = customer.email ?? customer.name ?? customer.id;
  return (
    <Confirm
      trigger={<Button look="quiet">Delete</Button>}
      title="Delete this customer?"
      action="Delete customer"
      typed={name}
      onConfirm={async () => {
        await remove.mutateAsync({ id: customer.id }).catch((error: unknown) => {
          throw new Error(failureOf(error).message);
        });
        toasts.done('Customer deleted', name);
        router.push(href('customers'));
        await Promise.all([
          queries.customers.invalidate(),
          queries.dashboard.customers.invalidate(),
        ]);
      }}
    >
      Their cards are removed and their subscriptions end at once. Payments and invoices stay. This
      cannot be undone.
    </Confirm>
  );
}
