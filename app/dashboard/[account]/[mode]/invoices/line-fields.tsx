'use client';

import { Plus, X } from 'lucide-react';
import { PricePicker } from '@/app/dashboard/pickers/price-picker';
import { Button, IconButton } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { newLine, type TypedLine } from './typed-lines';

interface LineFieldsProps {
  readonly lines: readonly TypedLine[];
  readonly onChange: (lines: readonly TypedLine[]) => void;
  /** What is wrong, by `lines[0]`. */
  readonly errorOf: (param: string) => string | null;
}

/** Lines of an invoice: each with a price that is known, or with one of its own. */
export function LineFields({ lines, onChange, errorOf }: LineFieldsProps) {
  const change = (key: number, changes: Partial<TypedLine>): void =>
    onChange(lines.map((line) => (line.key === key ? { ...line, ...changes } : line)));
  return (
    <div className="flex flex-col gap-3">
      {lines.map((line, index) => (
        <OneLine
          key={line.key}
          line={line}
          number={index + 1}
          error={errorOf(`lines[${index}]`)}
          onChange={(changes) => change(line.key, changes)}
          {...(lines.length === 1
            ? {}
            : { onRemove: () => onChange(lines.filter(({ key }) => key !== line.key)) })}
        />
      ))}
      <Button
        size="small"
        look="quiet"
        className="self-start"
        onClick={() => onChange([...lines, newLine((lines.at(-1)?.key ?? 0) + 1)])}
      >
        <Plus aria-hidden />
        Add line
      </Button>
    </div>
  );
}

interface OneLineProps {
  readonly line: TypedLine;
  readonly number: number;
  readonly error: string | null;
  readonly onChange: (changes: Partial<TypedLine>) => void;
  readonly onRemove?: () => void;
}

function OneLine({ line, number, error, onChange, onRemove }: OneLineProps) {
  return (
    <fieldset className="flex flex-col gap-3 rounded-lg border border-line p-3">
      <legend className="sr-only">Line {number}</legend>
      <Field label="Price">
        {(control) => (
          <div className="flex gap-1.5">
            <PricePicker
              {...control}
              type="one_time"
              value={line.price?.id ?? ''}
              chosen={line.price ?? undefined}
              onChange={(price) => onChange({ price })}
            />
            {line.price !== null && (
              <IconButton
                label="Without a price of the catalogue"
                onClick={() => onChange({ price: null })}
              >
                <X />
              </IconButton>
            )}
          </div>
        )}
      </Field>
      <Field label="Description" isOptional={line.price !== null}>
        {(control) => (
          <Input
            {...control}
            value={line.description}
            onChange={({ target }) => onChange({ description: target.value })}
          />
        )}
      </Field>
      <div className="flex items-start gap-3">
        <Field label="Quantity" className="w-24">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              value={line.quantity}
              onChange={({ target }) => onChange({ quantity: target.value })}
            />
          )}
        </Field>
        {line.price === null && (
          <Field label="Unit price" error={error} className="flex-1">
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                placeholder="250.00"
                value={line.amount}
                onChange={({ target }) => onChange({ amount: target.value })}
              />
            )}
          </Field>
        )}
        {onRemove !== undefined && (
          <IconButton label={`Remove line ${number}`} className="mt-6.5 ml-auto" onClick={onRemove}>
            <X />
          </IconButton>
        )}
      </div>
    </fieldset>
  );
}
