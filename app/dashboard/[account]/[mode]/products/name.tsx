'use client';

import { idOf, objectIn } from '@/components/api/expandable';
import { trpc } from '@/components/api/trpc';

interface Known {
  readonly id: string;
  readonly name?: string | null;
}

/**
 * What a product is called. Where it lies too deep to be expanded, as in a list of subscriptions, it
 * is asked for; the names of a page are asked for together.
 */
export function ProductName({ product }: { product: string | Known | null }) {
  const id = idOf(product) ?? '';
  const known = objectIn(product)?.name;
  const { data } = trpc.products.retrieve.useQuery({ id }, { enabled: id !== '' && known == null });
  return known ?? data?.name ?? id;
}
