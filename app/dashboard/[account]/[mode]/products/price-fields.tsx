'use client';

import { Plus, X } from 'lucide-react';
import { CurrencyPicker } from '@/app/dashboard/pickers/currency-picker';
import { Button, IconButton } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { paramOf, type Place, type TypedPrice, type TypedTier } from './price-terms';

export interface PriceFieldsProps {
  readonly price: TypedPrice;
  /** The chosen one, or the project's own. */
  readonly currency: string;
  readonly place: Place;
  readonly onChange: (price: TypedPrice) => void;
  readonly errorOf: (param: string) => string | null;
}

const INTERVALS = [
  { value: 'once', label: 'Once' },
  { value: 'day', label: 'Every day' },
  { value: 'week', label: 'Every week' },
  { value: 'month', label: 'Every month' },
  { value: 'year', label: 'Every year' },
] as const;

/** What it costs and how often, in two lines. */
export function PriceFields({ price, currency, place, onChange, errorOf }: PriceFieldsProps) {
  const change = (changes: Partial<TypedPrice>): void => onChange({ ...price, ...changes });
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_8rem] items-start gap-3">
        {price.model === 'standard' && (
          <Field label="Amount" error={errorOf(paramOf(place, 'unit_amount'))}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                placeholder="10.00"
                value={price.amount}
                onChange={({ target }) => change({ amount: target.value })}
              />
            )}
          </Field>
        )}
        <Field label="Currency" error={errorOf(paramOf(place, 'currency'))}>
          {(control) => (
            <CurrencyPicker
              {...control}
              value={currency}
              onChange={(code) => change({ currency: code })}
            />
          )}
        </Field>
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)_8rem] items-start gap-3">
        <Field label="Billed">
          {(control) => (
            <Select
              {...control}
              value={price.interval}
              options={INTERVALS}
              onChange={(interval) => change({ interval })}
            />
          )}
        </Field>
        {price.interval !== 'once' && (
          <Field label="Each" error={errorOf(paramOf(place, 'recurring', 'interval_count'))}>
            {(control) => (
              <Input
                {...control}
                type="number"
                min={1}
                value={price.count}
                onChange={({ target }) => change({ count: target.value })}
              />
            )}
          </Field>
        )}
      </div>
    </>
  );
}

interface TierFieldsProps {
  readonly tiers: readonly TypedTier[];
  readonly error: string | null;
  readonly onChange: (tiers: readonly TypedTier[]) => void;
}

/** Tiers by what they reach up to; the last reaches everything above. */
export function TierFields({ tiers, error, onChange }: TierFieldsProps) {
  const change = (at: number, changes: Partial<TypedTier>): void =>
    onChange(tiers.map((tier, index) => (index === at ? { ...tier, ...changes } : tier)));
  const add = (): void => onChange([{ upTo: '1', unit: '', flat: '' }, ...tiers]);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">Tiers</legend>
      {tiers.map((tier, at) => (
        // They have no name but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at} className="flex items-center gap-1.5">
          <Input
            aria-label={`Tier ${at + 1} up to`}
            placeholder={at === tiers.length - 1 ? 'and above' : 'up to'}
            disabled={at === tiers.length - 1}
            inputMode="numeric"
            value={tier.upTo}
            onChange={({ target }) => change(at, { upTo: target.value })}
          />
          <Input
            aria-label={`Tier ${at + 1} per unit`}
            placeholder="per unit"
            inputMode="decimal"
            value={tier.unit}
            onChange={({ target }) => change(at, { unit: target.value })}
          />
          <Input
            aria-label={`Tier ${at + 1} flat`}
            placeholder="flat"
            inputMode="decimal"
            value={tier.flat}
            onChange={({ target }) => change(at, { flat: target.value })}
          />
          <IconButton
            label={`Remove tier ${at + 1}`}
            size="small"
            disabled={at === tiers.length - 1}
            onClick={() => onChange(tiers.filter((_, index) => index !== at))}
          >
            <X />
          </IconButton>
        </div>
      ))}
      {error !== null && (
        <p role="alert" className="text-[13px] text-bad">
          {error}
        </p>
      )}
      <Button size="small" look="quiet" className="self-start" onClick={add}>
        <Plus aria-hidden />
        Add tier
      </Button>
    </fieldset>
  );
}
