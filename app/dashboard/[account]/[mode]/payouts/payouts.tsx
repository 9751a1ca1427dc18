'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { payoutList } from './list';
import { PayoutForm } from './payout-form';

export function Payouts() {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  return (
    <ListPage
      list={payoutList}
      action={
        may('payouts', 'create') && (
          <PayoutForm
            trigger={
              <Button look="primary">
                <Plus aria-hidden />
                Create payout
              </Button>
            }
            onSaved={(id) => router.push(href(`payouts/${id}`))}
          />
        )
      }
    />
  );
}
