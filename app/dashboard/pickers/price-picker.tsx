'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { keyOf, type RowOf } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { priceText } from '@/components/money/price';
import { useViewer } from '@/components/time/viewer';
import { Combobox } from '@/components/ui/combobox';
import type { PickerProps } from './customer-picker';
import { contains } from './search';

export type Price = RowOf<'prices.list'>;

export interface PricePickerProps extends Omit<PickerProps, 'onChange'> {
  readonly type: 'one_time' | 'recurring';
  /** With its product expanded. */
  readonly onChange: (price: Price) => void;
  /** What is chosen, where that is not among the newest. */
  readonly chosen?: Price | undefined;
}

const SHOWN = 30;
const PRODUCTS_MAX = 8;

export function productName({ product }: Pick<Price, 'product'>): string {
  if (typeof product === 'string') return product;
  return product.deleted === true ? product.id : product.name;
}

/** One of the prices in use: the newest, or those of the products found by name. */
export function PricePicker(props: PricePickerProps) {
  const { type, value, chosen, onChange, ...control } = props;
  const [text, setText] = useState('');
  const { locale } = useViewer();
  const prices = usePrices(type, text.trim());
  const label = (price: Price): string => `${productName(price)}: ${priceText(price, locale)}`;
  return (
    <Combobox
      {...control}
      value={value}
      onChange={(id) => {
        const price = prices.find((one) => one.id === id);
        if (price !== undefined) onChange(price);
      }}
      onSearch={setText}
      placeholder="Choose a price"
      searchPlaceholder="Name of a product"
      emptyText="No price found. Prices are added to products."
      {...(chosen === undefined ? {} : { valueLabel: label(chosen) })}
      options={prices.map((price) => ({
        value: price.id,
        label: productName(price),
        note: [priceText(price, locale), price.nickname].filter((part) => part !== null).join(', '),
      }))}
    />
  );
}

function usePrices(type: PricePickerProps['type'], text: string): readonly Price[] {
  const { client } = trpc.useUtils();
  const query = useQuery({
    queryKey: keyOf({ path: 'prices.list', input: { type, picked: text } }),
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const asked = { type, active: true, limit: SHOWN, expand: ['data.product'] };
      if (text === '') return (await client.prices.list.query(asked)).data;
      const products = await client.products.search.query({
        query: contains('name', text),
        limit: PRODUCTS_MAX,
      });
      const pages = await Promise.all(
        products.data.map(({ id }) => client.prices.list.query({ ...asked, product: id })),
      );
      return pages.flatMap(({ data }) => data);
    },
  });
  return query.data ?? [];
}
