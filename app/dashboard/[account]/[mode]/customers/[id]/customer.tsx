'use client';

import { Pencil, Plus } from 'lucide-react';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Money } from '@/components/money/money';
import { Amounts } from '@/components/money/amounts';
import { Facts, Figures } from '@/components/object/facts';
import { MetadataCard } from '@/components/object/metadata';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { PartList } from '@/components/object/part-list';
import { EventTimeline } from '@/components/object/timeline';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/surfaces';
import { CustomerForm } from '../customer-form';
import { InvoiceForm } from '../../invoices/invoice-form';
import { invoicesPart } from '../../invoices/part';
import { SubscriptionForm } from '../../subscriptions/subscription-form';
import { subscriptionsPart } from '../../subscriptions/part';
import { BalanceForm } from './balance-form';
import { customerBalance, customerPayments, NEWEST, paymentsOf } from './belongings';
import { DeleteCustomer } from './delete-customer';
import { PaymentMethods } from './payment-methods';
import type { Living } from './object';

export function Customer({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('customers'), label: 'Customers' };
  const { data: customer, error, refetch } = trpc.customers.retrieve.useQuery({ id });
  if (error !== null && customer === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (customer === undefined) return <ObjectSkeleton />;
  if (customer.deleted === true) {
    return (
      <ObjectPage
        back={back}
        title="Deleted customer"
        badge={<Badge>Deleted</Badge>}
        object={customer}
        path={`/v1/customers/${id}`}
      >
        <PartList part={customerPayments} input={paymentsOf(id)} />
        <EventTimeline id={id} />
      </ObjectPage>
    );
  }
  return <LivingCustomer customer={customer} back={back} />;
}

function LivingCustomer(props: { customer: Living; back: { href: string; label: string } }) {
  const { customer, back } = props;
  const { id } = customer;
  const update = trpc.customers.update.useMutation();
  const queries = trpc.useUtils();
  const may = useMay();
  const mayUpdate = may('customers', 'update');
  return (
    <ObjectPage
      back={back}
      title={customer.name ?? customer.email ?? id}
      badge={customer.delinquent === true && <Badge look="warn">Payment overdue</Badge>}
      object={customer}
      path={`/v1/customers/${id}`}
      actions={
        <>
          {may('customers', 'remove') && <DeleteCustomer customer={customer} />}
          {mayUpdate && (
            <CustomerForm
              customer={customer}
              trigger={
                <Button>
                  <Pencil aria-hidden />
                  Edit
                </Button>
              }
            />
          )}
        </>
      }
      aside={
        <>
          <Card title="Details">
            <CustomerFacts customer={customer} />
          </Card>
          <MetadataCard
            metadata={customer.metadata}
            isFixed={!mayUpdate}
            onSave={async (metadata) => {
              const saved = await update.mutateAsync({ id, metadata });
              queries.customers.retrieve.setData({ id }, saved);
            }}
          />
        </>
      }
    >
      <Worth id={id} />
      <PartList part={customerPayments} input={paymentsOf(id)} />
      <PaymentMethods customer={customer} />
      <Billing customer={customer} />
      <EventTimeline id={id} />
    </ObjectPage>
  );
}

/** The numbers one comes for; a dash where there is nothing. */
function Worth({ id }: { id: string }) {
  const { data } = trpc.dashboard.customers.worth.useQuery({ id });
  const shown = (amounts: Readonly<Record<string, number>> | undefined) =>
    amounts === undefined || Object.keys(amounts).length === 0 ? (
      '–'
    ) : (
      <Amounts amounts={amounts} />
    );
  return (
    <Figures
      figures={[
        { label: 'Spent', value: shown(data?.spent) },
        { label: 'A month', value: shown(data?.mrr) },
        { label: 'Open invoices', value: shown(data?.open) },
        { label: 'Active subscriptions', value: data?.subscriptions ?? '–' },
      ]}
    />
  );
}

/** What they subscribe to, what they are asked for, and what they have in hand. */
function Billing({ customer: { id, currency } }: { customer: Living }) {
  const may = useMay();
  const add = (
    <Button size="small">
      <Plus aria-hidden />
      Create
    </Button>
  );
  return (
    <>
      <PartList
        part={subscriptionsPart}
        input={{ customer: id, status: 'all', limit: NEWEST }}
        actions={may('subscriptions', 'create') && <SubscriptionForm customer={id} trigger={add} />}
      />
      <PartList
        part={invoicesPart}
        input={{ customer: id, limit: NEWEST }}
        actions={may('invoices', 'create') && <InvoiceForm customer={id} trigger={add} />}
      />
      <PartList
        part={customerBalance}
        input={{ customer: id, limit: NEWEST }}
        actions={
          may('customer_balance_transactions', 'create') && (
            <BalanceForm customer={id} currency={currency ?? null} />
          )
        }
      />
    </>
  );
}

const CustomerFacts = ({ customer }: { customer: Living }) => (
  <Facts
    facts={[
      { label: 'Name', value: customer.name },
      { label: 'E-mail', value: customer.email },
      { label: 'Phone', value: customer.phone },
      { label: 'Description', value: customer.description },
      {
        label: 'Balance',
        value: customer.currency != null && (
          <Money amount={customer.balance} currency={customer.currency} />
        ),
      },
      { label: 'Invoice prefix', value: customer.invoice_prefix },
      { label: 'Next invoice', value: customer.next_invoice_sequence },
    ]}
  />
);
