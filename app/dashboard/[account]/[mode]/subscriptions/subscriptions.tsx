'use client';

import { Plus } from 'lucide-react';
import { useMay } from '@/components/api/may';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { subscriptionList } from './list';
import { SubscriptionForm } from './subscription-form';

export function Subscriptions() {
  const may = useMay();
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
    />
  );
}
