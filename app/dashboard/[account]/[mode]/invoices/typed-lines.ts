/** Lines as they are typed, and as they are then asked for. */
import type { Price } from '@/app/dashboard/pickers/price-picker';
import type { Inputs } from '@/components/api/queries';
import { amountOf, countOf } from '@/components/object/form';

export interface TypedLine {
  readonly key: number;
  /** Null for one that is described and priced here. */
  readonly price: Price | null;
  readonly description: string;
  /** Of one unit. */
  readonly amount: string;
  readonly quantity: string;
}

export const newLine = (key: number): TypedLine => ({
  key,
  price: null,
  description: '',
  amount: '',
  quantity: '1',
});

type AddedLine = Inputs['invoices']['addLines']['lines'][number];

/** Throws FieldError, naming `lines[…]`, for what is no amount. */
export const askedLines = (lines: readonly TypedLine[], currency: string): AddedLine[] =>
  lines.map(({ price, description, amount, quantity }, index) => {
    const param = `lines[${index}]`;
    const described = description === '' ? {} : { description };
    if (price !== null) {
      return { ...described, pricing: { price: price.id }, quantity: countOf(quantity, param) };
    }
    return {
      ...described,
      price_data: {
        currency,
        product_data: { name: description },
        unit_amount: amountOf(amount, currency, param),
      },
      quantity: countOf(quantity, param),
    };
  });
