'use client';

import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { failureOf } from '@/components/api/failure';
import { useMay } from '@/components/api/may';
import type { RowOf } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { CardName, cardText } from '@/components/money/card';
import { definePart, PartList } from '@/components/object/part-list';
import { nowMs } from '@/components/time/clock';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { Menu, MenuAction } from '@/components/ui/menu';
import { useToasts } from '@/components/ui/toast';
import type { Living } from './object';

type Method = RowOf<'paymentMethods.list'>;

const NEWEST = 10;

/** @param defaultId of the one that invoices are paid with. */
const partFor = (defaultId: string | null) =>
  definePart({
    title: 'Payment methods',
    path: 'paymentMethods.list',
    empty: 'No cards. One is saved when the customer pays with it for later use.',
    columns: [
      {
        header: 'Card',
        isNarrow: true,
        cell: (method) => (
          <span className="flex items-center gap-2">
            {method.card === undefined ? method.type : <CardName card={method.card} />}
            {method.id === defaultId && <Badge look="accent">Default</Badge>}
          </span>
        ),
      },
      { header: 'Expires', cell: ({ card }) => <Expiry card={card} /> },
      { header: 'Country', cell: ({ card }) => card?.country },
    ],
  });

export function PaymentMethods({ customer }: { customer: Living }) {
  const may = useMay();
  const standard = customer.invoice_settings.default_payment_method;
  const defaultId = standard === null || typeof standard === 'string' ? standard : standard.id;
  const renderMenu = (method: Method) => (
    <MethodMenu customer={customer.id} method={method} isDefault={method.id === defaultId} />
  );
  return (
    <PartList
      part={partFor(defaultId)}
      input={{ customer: customer.id, limit: NEWEST }}
      renderActions={may('customers', 'update') ? renderMenu : undefined}
    />
  );
}

/** A card is good until its month is over; from the month before on it says so. */
function Expiry({ card }: { card: Method['card'] }) {
  if (card === undefined) return null;
  const now = new Date(nowMs());
  const monthsLeft = (card.exp_year - now.getFullYear()) * 12 + card.exp_month - 1 - now.getMonth();
  return (
    <span className="flex items-center gap-2">
      <span className="tabular-nums">
        {String(card.exp_month).padStart(2, '0')}/{card.exp_year}
      </span>
      {monthsLeft < 0 && <Badge look="bad">Expired</Badge>}
      {(monthsLeft === 0 || monthsLeft === 1) && <Badge look="warn">Expires soon</Badge>}
    </span>
  );
}

interface MethodMenuProps {
  readonly customer: string;
  readonly method: Method;
  readonly isDefault: boolean;
}

function MethodMenu({ customer, method, isDefault }: MethodMenuProps) {
  const [isRemoving, setIsRemoving] = useState(false);
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const update = trpc.customers.update.useMutation();
  const detach = trpc.customers.detachPaymentMethod.useMutation();
  const name = method.card === undefined ? 'payment method' : cardText(method.card);
  const makeDefault = async (): Promise<void> => {
    const invoice_settings = { default_payment_method: method.id };
    try {
      const saved = await update.mutateAsync({ id: customer, invoice_settings });
      queries.customers.retrieve.setData({ id: customer }, saved);
      toasts.done('Default changed', name);
    } catch (error) {
      toasts.failed('The default was not changed', failureOf(error).message);
    }
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton label={`Actions for ${name}`} size="small">
            <Ellipsis />
          </IconButton>
        }
      >
        <MenuAction disabled={isDefault} onSelect={() => void makeDefault()}>
          Make default
        </MenuAction>
        <MenuAction look="danger" onSelect={() => setIsRemoving(true)}>
          Remove
        </MenuAction>
      </Menu>
      <Confirm
        isOpen={isRemoving}
        onOpenChange={setIsRemoving}
        title={`Remove ${name}?`}
        action="Remove"
        onConfirm={async () => {
          await detach.mutateAsync({ id: method.id }).catch((error: unknown) => {
            throw new Error(failureOf(error).message);
          });
          await Promise.all([
            queries.paymentMethods.invalidate(),
            queries.customers.invalidate(),
            queries.dashboard.customers.invalidate(),
          ]);
        }}
      >
        It can no longer be charged, and it cannot be attached again.
      </Confirm>
    </>
  );
}
