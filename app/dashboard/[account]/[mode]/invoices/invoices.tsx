'use client';

import { Plus } from 'lucide-react';
import { useMay } from '@/components/api/may';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { InvoiceForm } from './invoice-form';
import { invoiceList } from './list';

export function Invoices() {
  const may = useMay();
  return (
    <ListPage
      list={invoiceList}
      action={
        may('invoices', 'create') && (
          <InvoiceForm
            trigger={
              <Button look="primary">
                <Plus aria-hidden />
                Create invoice
              </Button>
            }
          />
        )
      }
    />
  );
}
