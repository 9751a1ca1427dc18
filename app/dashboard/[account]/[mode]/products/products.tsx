'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { productList } from './list';
import { ProductForm } from './product-form';

export function Products() {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  return (
    <ListPage
      list={productList}
      action={
        may('products', 'create') && (
          <ProductForm
            trigger={
              <Button look="primary">
                <Plus aria-hidden />
                Create product
              </Button>
            }
            onSaved={({ id }) => router.push(href(`products/${id}`))}
          />
        )
      }
    />
  );
}
