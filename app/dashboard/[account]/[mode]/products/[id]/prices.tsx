'use client';

import { Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import { idOf } from '@/components/api/expandable';
import { useMay } from '@/components/api/may';
import type { RowOf } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { PriceText } from '@/components/money/price';
import { Act } from '@/components/object/act';
import { definePart, PartList } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy';
import { Menu, MenuAction } from '@/components/ui/menu';
import { ActiveBadge } from '../list';
import { NicknameForm, PriceForm } from './price-form';
import type { ProductObject } from './object';

type Price = RowOf<'prices.list'>;

const NEWEST = 50;

/** @param standard id of the one that is shown with the product. */
const partFor = (standard: string | null) =>
  definePart({
    title: 'Prices',
    path: 'prices.list',
    empty: 'No prices. Add one to sell this product.',
    columns: [
      {
        header: 'Price',
        isNarrow: true,
        cell: (price) => (
          <span className="flex flex-wrap items-center gap-2">
            <PriceText price={price} />
            {price.id === standard && <Badge look="accent">Default</Badge>}
            {price.nickname !== null && <span className="text-muted">{price.nickname}</span>}
          </span>
        ),
      },
      { header: 'Status', isNarrow: true, cell: ({ active }) => <ActiveBadge isActive={active} /> },
      { header: 'Id', cell: ({ id }) => <CopyId id={id} className="max-w-40" /> },
      { header: 'Created', align: 'end', cell: ({ created }) => <Time at={created} as="date" /> },
    ],
  });

export function Prices({ product }: { product: ProductObject }) {
  const may = useMay();
  const standard = idOf(product.default_price);
  const renderMenu = (price: Price) => (
    <PriceMenu price={price} product={product} isDefault={price.id === standard} />
  );
  return (
    <PartList
      part={partFor(standard)}
      input={{ product: product.id, limit: NEWEST }}
      renderActions={may('prices', 'update') ? renderMenu : undefined}
      actions={
        may('prices', 'create') && (
          <PriceForm
            product={product.id}
            trigger={
              <Button size="small">
                <Plus aria-hidden />
                Add price
              </Button>
            }
          />
        )
      }
    />
  );
}

interface PriceMenuProps {
  readonly price: Price;
  readonly product: ProductObject;
  readonly isDefault: boolean;
}

function PriceMenu({ price, product, isDefault }: PriceMenuProps) {
  const [opened, setOpened] = useState<'rename' | 'archive' | 'default' | null>(null);
  const update = trpc.prices.update.useMutation();
  const updateProduct = trpc.products.update.useMutation();
  const { id, active } = price;
  const close = (): void => setOpened(null);
  return (
    <>
      <Menu
        trigger={
          <IconButton label="What to do with this price" size="small">
            <Ellipsis />
          </IconButton>
        }
      >
        <MenuAction onSelect={() => setOpened('rename')}>Rename</MenuAction>
        {!isDefault && active && (
          <MenuAction onSelect={() => setOpened('default')}>Make it the default</MenuAction>
        )}
        <MenuAction onSelect={() => setOpened('archive')}>
          {active ? 'Archive' : 'Restore'}
        </MenuAction>
      </Menu>
      <NicknameForm price={price} isOpen={opened === 'rename'} onOpenChange={close} />
      <Act
        isOpen={opened === 'default'}
        onOpenChange={close}
        title="Make this the default price?"
        action="Make default"
        done="Default price changed"
        look="primary"
        run={() => updateProduct.mutateAsync({ id: product.id, default_price: id })}
      >
        It is then the price that is shown with the product. Subscriptions stay as they are.
      </Act>
      <Act
        isOpen={opened === 'archive'}
        onOpenChange={close}
        title={active ? 'Archive this price?' : 'Offer this price again?'}
        action={active ? 'Archive price' : 'Restore price'}
        done={active ? 'Price archived' : 'Price restored'}
        look="primary"
        run={() => update.mutateAsync({ id, active: !active })}
      >
        {active
          ? 'It is no longer offered for new subscriptions and invoices. Those that have it stay as they are.'
          : 'It can be chosen for new subscriptions and invoices again.'}
      </Act>
    </>
  );
}
