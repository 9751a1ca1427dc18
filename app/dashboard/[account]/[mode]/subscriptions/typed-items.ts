/** What is subscribed to, as it is chosen in a form. */
import type { Price } from '@/app/dashboard/pickers/price-picker';
import { isCount } from '@/components/object/form';

export interface TypedItem {
  readonly key: string;
  /** The item of the subscription that it is; null for one to add. */
  readonly id: string | null;
  readonly price: Price | null;
  readonly quantity: string;
}

export const newItem = (key: string): TypedItem => ({ key, id: null, price: null, quantity: '1' });

/** A metered one has no quantity: what was used is in the meter. */
export const isMetered = (price: Price | null): boolean =>
  price?.recurring?.usage_type === 'metered';

/** Whether it can be asked for: a price is chosen, and how many of it. */
export const isTyped = ({ price, quantity }: TypedItem): boolean =>
  price !== null && (isMetered(price) || isCount(quantity));

/** Those for which a price is chosen, as the API takes them. */
export const askedItems = (items: readonly TypedItem[]) =>
  items.flatMap(({ id, price, quantity }) =>
    price === null
      ? []
      : [
          {
            ...(id === null ? {} : { id }),
            price: price.id,
            ...(isMetered(price) || !isCount(quantity) ? {} : { quantity: Number(quantity) }),
          },
        ],
  );
