'use client';

import type { RowOf } from '@/components/api/queries';
import { ProductName } from '../products/name';

type Billed = RowOf<'subscriptions.list'>['items']['data'][number];

/** `Gold × 3, Seats`: what is subscribed to, and how much of it. */
export const ItemsText = ({ items }: { items: readonly Billed[] }) =>
  items.map(({ id, price, quantity }, index) => (
    <span key={id}>
      {index > 0 && ', '}
      <ProductName product={price.product} />
      {quantity !== undefined && quantity !== 1 && ` × ${quantity}`}
    </span>
  ));
