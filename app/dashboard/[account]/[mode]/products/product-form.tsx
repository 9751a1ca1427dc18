'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import type { Outputs } from '@/components/api/queries';
import { FormSheet, FormSkeleton } from '@/components/object/form-sheet';

/** Loaded when the sheet is first opened. */
const NewProduct = dynamic(() => import('./product-fields').then((module) => module.NewProduct), {
  loading: FormSkeleton,
});

const ChangedProduct = dynamic(
  () => import('./product-fields').then((module) => module.ChangedProduct),
  {
    loading: FormSkeleton,
  },
);

type Product = Outputs['products']['retrieve'];

interface ProductFormProps {
  readonly trigger: ReactNode;
  /** The one to edit; without it one is created, with a price if it is given one. */
  readonly product?: Product;
  readonly onSaved?: (product: Product) => void;
}

export const ProductForm = ({ trigger, product, onSaved }: ProductFormProps) => (
  <FormSheet trigger={trigger} title={product === undefined ? 'Create product' : 'Edit product'}>
    {(close) => {
      const saved = (product: Product): void => {
        close();
        onSaved?.(product);
      };
      return product === undefined ? (
        <NewProduct onSaved={saved} />
      ) : (
        <ChangedProduct product={product} onSaved={saved} />
      );
    }}
  </FormSheet>
);
