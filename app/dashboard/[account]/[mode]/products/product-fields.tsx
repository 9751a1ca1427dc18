'use client';

import { useState } from 'react';
import { useDefaultCurrency } from '@/app/dashboard/pickers/currency-picker';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { Checkbox } from '@/components/ui/choices';
import { Field, Input, Textarea } from '@/components/ui/field';
import { PriceFields } from './price-fields';
import { askedTerms, FIRST_PRICE, priceParams } from './price-terms';

type Product = Outputs['products']['retrieve'];

interface Said {
  readonly name: string;
  readonly description: string;
  readonly unit_label: string;
  readonly statement_descriptor: string;
}

const SAID = ['name', 'description', 'unit_label', 'statement_descriptor'] as const;

const saidOf = (product: Product | null): Said => ({
  name: product?.name ?? '',
  description: product?.description ?? '',
  unit_label: product?.unit_label ?? '',
  statement_descriptor: product?.statement_descriptor ?? '',
});

const PLACE = 'default_price_data';

export function NewProduct({ onSaved }: { onSaved: (product: Product) => void }) {
  const [said, setSaid] = useState(() => saidOf(null));
  const [hasPrice, setHasPrice] = useState(true);
  const [price, setPrice] = useState(FIRST_PRICE);
  const ownCurrency = useDefaultCurrency();
  const currency = price.currency ?? ownCurrency;
  const create = trpc.products.create.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    // What is empty is not said.
    const given = Object.fromEntries(Object.entries(said).filter(([, text]) => text !== ''));
    const asked = {
      ...given,
      name: said.name,
      ...(hasPrice ? { default_price_data: askedTerms(price, currency, PLACE) } : {}),
    };
    onSaved(await perform(() => create.mutateAsync(asked), 'Product created'));
  }, [...SAID, ...priceParams(PLACE)]);
  return (
    <Form form={form} action="Create product">
      <SaidFields said={said} onChange={setSaid} errorOf={form.errorOf} />
      <hr className="border-line" />
      <Checkbox label="It has a price" checked={hasPrice} onChange={setHasPrice} />
      {hasPrice && (
        <PriceFields
          price={price}
          currency={currency}
          place={PLACE}
          onChange={setPrice}
          errorOf={form.errorOf}
        />
      )}
    </Form>
  );
}

export function ChangedProduct(props: { product: Product; onSaved: (product: Product) => void }) {
  const { product, onSaved } = props;
  const [said, setSaid] = useState(() => saidOf(product));
  const update = trpc.products.update.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const asked = { id: product.id, ...said };
    onSaved(await perform(() => update.mutateAsync(asked), 'Product saved'));
  }, SAID);
  return (
    <Form form={form} action="Save">
      <SaidFields said={said} onChange={setSaid} errorOf={form.errorOf} />
    </Form>
  );
}

interface SaidFieldsProps {
  readonly said: Said;
  readonly onChange: (said: Said) => void;
  readonly errorOf: (param: string) => string | null;
}

function SaidFields({ said, onChange, errorOf }: SaidFieldsProps) {
  const typed = (name: keyof Said) => ({
    name,
    value: said[name],
    autoComplete: 'off',
    onChange: ({ target }: { target: { value: string } }) =>
      onChange({ ...said, [name]: target.value }),
  });
  return (
    <>
      <Field label="Name" error={errorOf('name')} hint="Customers see it on their invoices.">
        {(control) => <Input {...control} {...typed('name')} />}
      </Field>
      <Field label="Description" error={errorOf('description')} isOptional>
        {(control) => <Textarea {...control} {...typed('description')} />}
      </Field>
      <Field
        label="Unit label"
        error={errorOf('unit_label')}
        hint="What one of them is called, such as seat."
        isOptional
      >
        {(control) => <Input {...control} {...typed('unit_label')} />}
      </Field>
      <Field
        label="Statement descriptor"
        error={errorOf('statement_descriptor')}
        hint="What stands on the card's statement."
        isOptional
      >
        {(control) => <Input {...control} {...typed('statement_descriptor')} />}
      </Field>
    </>
  );
}
