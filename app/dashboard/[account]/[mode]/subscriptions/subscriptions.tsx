'use client';

import { Plus } from 'lucide-react';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { subscriptionList } from './list';
import { SubscriptionForm } from './subscription-form';

export function Subscriptions() {
  const may = useMay();
  const { mode } = useProject();
  return (
    <ListPage
      list={subscriptionList}
      action={
        may('subscriptions', 'create') && (
          <SubscriptionForm
            trigger={
              <Button look="primary">
                <Plus aria-hidden />
                Create subscription
              </Button>
            }
          />
        )
      }
    >
      {mode === 'test' && (
        <p className="text-[13px] text-muted">
          Those on test clocks are left out, as the API leaves them out: filter by their clock, or
          by their customer.
        </p>
      )}
    </ListPage>
  );
}
