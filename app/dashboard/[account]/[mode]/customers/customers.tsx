'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { CustomerForm } from './customer-form';
import { customerList } from './list';

export function Customers() {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  return (
    <ListPage
      list={customerList}
      action={
        may('customers', 'create') && (
          <CustomerForm
            trigger={
              <Button look="primary">
                <Plus aria-hidden />
                Create customer
              </Button>
            }
            onSaved={({ id }) => router.push(href(`customers/${id}`))}
          />
        )
      }
    />
  );
}
