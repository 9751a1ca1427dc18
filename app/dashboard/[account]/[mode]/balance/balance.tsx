'use client';

import { useRouter } from 'next/navigation';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { PayoutForm } from '../payouts/payout-form';
import { BalanceFigures } from './figures';
import { movementList } from './list';

export function Balance() {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  return (
    <ListPage
      list={movementList}
      action={
        may('payouts', 'create') && (
          <PayoutForm
            trigger={<Button>Pay out</Button>}
            onSaved={(id) => router.push(href(`payouts/${id}`))}
          />
        )
      }
    >
      <BalanceFigures />
    </ListPage>
  );
}
