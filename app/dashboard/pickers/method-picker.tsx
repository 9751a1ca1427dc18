'use client';

import { trpc } from '@/components/api/trpc';
import { cardText } from '@/components/money/card';
import { Select } from '@/components/ui/select';
import type { PickerProps } from './customer-picker';

const SHOWN = 20;

/** A value for the customer's own default: Radix's options cannot be empty. */
export const DEFAULT_METHOD = 'default';

/** One of the cards that are saved with a customer, or whichever is the default. */
export function MethodPicker(props: PickerProps & { customer: string }) {
  const { customer, value, onChange, ...control } = props;
  const methods = trpc.paymentMethods.list.useQuery(
    { customer, limit: SHOWN },
    { enabled: customer !== '' },
  );
  return (
    <Select
      {...control}
      value={value}
      onChange={onChange}
      options={[
        { value: DEFAULT_METHOD, label: "The customer's default" },
        ...(methods.data?.data ?? []).map(({ id, type, card }) => ({
          value: id,
          label: card === undefined ? type : cardText(card),
        })),
      ]}
    />
  );
}
