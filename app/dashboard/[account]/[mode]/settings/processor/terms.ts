import type { TextSpec } from '@/components/object/text-fields';

/** TABLE: what a gateway is told of the merchant. */
export const TERMS = [
  {
    name: 'country',
    label: 'Country',
    hint: 'Where the merchant is: two letters, such as GB.',
    maxLength: 2,
    isRequired: true,
  },
  {
    name: 'merchant_category_code',
    label: 'Category code',
    hint: 'Four digits, such as 5734. Only where Cardstream has none on file.',
    maxLength: 4,
  },
] as const satisfies readonly TextSpec<string>[];
