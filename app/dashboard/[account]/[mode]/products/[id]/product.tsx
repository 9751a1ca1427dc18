'use client';

import { Pencil } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { idOf } from '@/components/api/expandable';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Act } from '@/components/object/act';
import { Facts, Word } from '@/components/object/facts';
import { MetadataCard } from '@/components/object/metadata';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { EventTimeline } from '@/components/object/timeline';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/surfaces';
import { ActiveBadge } from '../list';
import { ProductForm } from '../product-form';
import { Prices } from './prices';
import type { ProductObject } from './object';

export function Product({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('products'), label: 'Products' };
  const { data: product, error, refetch } = trpc.products.retrieve.useQuery({ id });
  const update = trpc.products.update.useMutation();
  const queries = trpc.useUtils();
  const may = useMay();
  if (error !== null && product === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (product === undefined) return <ObjectSkeleton />;
  const mayUpdate = may('products', 'update');
  return (
    <ObjectPage
      back={back}
      title={product.name}
      badge={<ActiveBadge isActive={product.active} />}
      object={product}
      path={`/v1/products/${id}`}
      actions={<Actions product={product} />}
      aside={
        <>
          <Card title="Details">
            <Facts
              facts={[
                { label: 'Description', value: product.description },
                { label: 'Unit label', value: product.unit_label },
                { label: 'Statement', value: product.statement_descriptor },
                { label: 'Tax code', value: idOf(product.tax_code) },
                { label: 'Web page', value: product.url },
                { label: 'Type', value: <Word>{product.type}</Word> },
              ]}
            />
          </Card>
          <MetadataCard
            metadata={product.metadata}
            isFixed={!mayUpdate}
            onSave={async (metadata) => {
              const saved = await update.mutateAsync({ id, metadata });
              queries.products.retrieve.setData({ id }, saved);
            }}
          />
        </>
      }
    >
      <Prices product={product} />
      <EventTimeline id={id} />
    </ObjectPage>
  );
}

function Actions({ product }: { product: ProductObject }) {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  const update = trpc.products.update.useMutation();
  const remove = trpc.products.remove.useMutation();
  const { id, active, name } = product;
  return (
    <>
      {may('products', 'remove') && (
        <Act
          trigger={<Button look="quiet">Delete</Button>}
          title="Delete this product?"
          action="Delete product"
          done="Product deleted"
          typed={name}
          run={async () => {
            await remove.mutateAsync({ id });
            router.push(href('products'));
          }}
        >
          Only a product without prices can be deleted. One that was sold can be archived.
        </Act>
      )}
      {may('products', 'update') && (
        <>
          <Act
            trigger={<Button>{active ? 'Archive' : 'Restore'}</Button>}
            title={active ? 'Archive this product?' : 'Sell this product again?'}
            action={active ? 'Archive product' : 'Restore product'}
            done={active ? 'Product archived' : 'Product restored'}
            look="primary"
            run={() => update.mutateAsync({ id, active: !active })}
          >
            {active
              ? 'It is no longer offered for new subscriptions and invoices. Those that have it stay as they are.'
              : 'It can be added to new subscriptions and invoices again.'}
          </Act>
          <ProductForm
            product={product}
            trigger={
              <Button>
                <Pencil aria-hidden />
                Edit
              </Button>
            }
          />
        </>
      )}
    </>
  );
}
