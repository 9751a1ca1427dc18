'use client';

import { Plus, X } from 'lucide-react';
import { PricePicker } from '@/app/dashboard/pickers/price-picker';
import { Button, IconButton } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { isMetered, newItem, type TypedItem } from './typed-items';

interface ItemFieldsProps {
  readonly items: readonly TypedItem[];
  readonly onChange: (items: readonly TypedItem[]) => void;
  /** What is wrong, by `items[0][price]`. */
  readonly errorOf: (param: string) => string | null;
}

/** The names of the fields that show what is wrong with them. */
export const itemParams = (items: readonly TypedItem[]): string[] =>
  items.flatMap((_, index) => [`items[${index}][price]`, `items[${index}][quantity]`]);

/** Prices that recur, and how many of each. */
export function ItemFields({ items, onChange, errorOf }: ItemFieldsProps) {
  const change = (key: string, changes: Partial<TypedItem>): void =>
    onChange(items.map((item) => (item.key === key ? { ...item, ...changes } : item)));
  return (
    <div className="flex flex-col gap-3">
      {items.map((item, index) => (
        <fieldset key={item.key} className="flex items-start gap-2">
          <legend className="sr-only">Item {index + 1}</legend>
          <Field label="Price" error={errorOf(`items[${index}][price]`)} className="flex-1">
            {(control) => (
              <PricePicker
                {...control}
                type="recurring"
                value={item.price?.id ?? ''}
                chosen={item.price ?? undefined}
                onChange={(price) => change(item.key, { price })}
              />
            )}
          </Field>
          {!isMetered(item.price) && (
            <Field label="Quantity" error={errorOf(`items[${index}][quantity]`)} className="w-20">
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={0}
                  value={item.quantity}
                  onChange={({ target }) => change(item.key, { quantity: target.value })}
                />
              )}
            </Field>
          )}
          {items.length > 1 && (
            <IconButton
              label={`Remove item ${index + 1}`}
              className="mt-6.5"
              onClick={() => onChange(items.filter(({ key }) => key !== item.key))}
            >
              <X />
            </IconButton>
          )}
        </fieldset>
      ))}
      <Button
        size="small"
        look="quiet"
        className="self-start"
        onClick={() => onChange([...items, newItem(`${items.at(-1)?.key ?? ''}+`)])}
      >
        <Plus aria-hidden />
        Add item
      </Button>
    </div>
  );
}
