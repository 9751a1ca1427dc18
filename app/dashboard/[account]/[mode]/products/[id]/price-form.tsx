'use client';

import { useState, type ReactNode } from 'react';
import { useDefaultCurrency } from '@/app/dashboard/pickers/currency-picker';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { PriceFields, TierFields } from '../price-fields';
import { askedPrice, FIRST_PRICE, priceParams } from '../price-terms';

/** Another price for a product. */
export const PriceForm = ({ product, trigger }: { product: string; trigger: ReactNode }) => (
  <FormSheet trigger={trigger} title="Add price">
    {(close) => <NewPrice product={product} onSaved={close} />}
  </FormSheet>
);

const MODELS = [
  { value: 'standard', label: 'Standard', note: 'The same for every unit.' },
  { value: 'graduated', label: 'Graduated', note: 'Each tier at its own price.' },
  { value: 'volume', label: 'Volume', note: 'All units at the price of the tier they reach.' },
] as const;

function NewPrice({ product, onSaved }: { product: string; onSaved: () => void }) {
  const [price, setPrice] = useState(FIRST_PRICE);
  const ownCurrency = useDefaultCurrency();
  const currency = price.currency ?? ownCurrency;
  const create = trpc.prices.create.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const asked = { ...askedPrice(price, currency), product };
    await perform(() => create.mutateAsync(asked), 'Price added');
    onSaved();
  }, [...priceParams(null), 'nickname']);
  return (
    <Form form={form} action="Add price">
      <p className="text-sm text-muted">
        What a price asks for cannot be changed later: one archives it, and adds another.
      </p>
      <Field label="Model">
        {(control) => (
          <Select
            {...control}
            value={price.model}
            options={MODELS}
            onChange={(model) => setPrice({ ...price, model })}
          />
        )}
      </Field>
      <PriceFields
        price={price}
        currency={currency}
        place={null}
        onChange={setPrice}
        errorOf={form.errorOf}
      />
      {price.model !== 'standard' && (
        <TierFields
          tiers={price.tiers}
          error={form.errorOf('tiers')}
          onChange={(tiers) => setPrice({ ...price, tiers })}
        />
      )}
      <Field
        label="Name for you"
        hint="Customers never see it."
        error={form.errorOf('nickname')}
        isOptional
      >
        {(control) => (
          <Input
            {...control}
            value={price.nickname}
            onChange={({ target }) => setPrice({ ...price, nickname: target.value })}
          />
        )}
      </Field>
    </Form>
  );
}

interface NicknameFormProps {
  readonly price: { readonly id: string; readonly nickname: string | null };
  readonly isOpen: boolean;
  readonly onOpenChange: () => void;
}

export const NicknameForm = ({ price, isOpen, onOpenChange }: NicknameFormProps) => (
  <FormSheet title="Rename price" isOpen={isOpen} onOpenChange={onOpenChange}>
    {(close) => <Nickname price={price} onSaved={close} />}
  </FormSheet>
);

function Nickname(props: { price: NicknameFormProps['price']; onSaved: () => void }) {
  const { price, onSaved } = props;
  const [nickname, setNickname] = useState(price.nickname ?? '');
  const update = trpc.prices.update.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    await perform(() => update.mutateAsync({ id: price.id, nickname }), 'Price renamed');
    onSaved();
  }, ['nickname']);
  return (
    <Form form={form} action="Save">
      <Field label="Name for you" hint="Customers never see it." error={form.errorOf('nickname')}>
        {(control) => (
          <Input
            {...control}
            value={nickname}
            onChange={({ target }) => setNickname(target.value)}
          />
        )}
      </Field>
    </Form>
  );
}
