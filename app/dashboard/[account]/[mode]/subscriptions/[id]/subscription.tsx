'use client';

import { customerName, idOf, objectIn } from '@/components/api/expandable';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { cardText } from '@/components/money/card';
import { PriceText } from '@/components/money/price';
import { Facts, Word } from '@/components/object/facts';
import { MetadataCard } from '@/components/object/metadata';
import { ObjectLink } from '@/components/object/object-link';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { PartList } from '@/components/object/part-list';
import { EventTimeline } from '@/components/object/timeline';
import { Time } from '@/components/time/time';
import { Card, Table, Td, Th } from '@/components/ui/surfaces';
import { invoicesPart } from '../../invoices/part';
import { ProductName } from '../../products/name';
import { Preview } from '../preview';
import { Renewal, SubscriptionStatus } from '../status';
import { SubscriptionActions } from './actions';
import { subscriptionCall, type SubscriptionObject } from './call';
import { Discounts } from './discounts';
import { Schedule } from './schedule';

const NEWEST = 5;

export function Subscription({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('subscriptions'), label: 'Subscriptions' };
  const call = subscriptionCall(id);
  const { data: subscription, error, refetch } = trpc.subscriptions.retrieve.useQuery(call);
  const update = trpc.subscriptions.update.useMutation();
  const may = useMay();
  if (error !== null && subscription === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (subscription === undefined) return <ObjectSkeleton />;
  const schedule = objectIn(subscription.schedule);
  return (
    <ObjectPage
      back={back}
      title={customerName(subscription.customer)}
      badge={<SubscriptionStatus subscription={subscription} />}
      object={subscription}
      path={`/v1/subscriptions/${id}`}
      actions={<SubscriptionActions subscription={subscription} />}
      aside={
        <>
          <Card title="Details">
            <SubscriptionFacts subscription={subscription} />
          </Card>
          <Discounts subscription={subscription} />
          <MetadataCard
            metadata={subscription.metadata}
            isFixed={!may('subscriptions', 'update')}
            onSave={async (metadata) => {
              await update.mutateAsync({ id, metadata });
              await refetch();
            }}
          />
        </>
      }
    >
      <Items subscription={subscription} />
      {schedule !== null && <Schedule schedule={schedule} />}
      {subscription.ended_at === null && (
        <Card title="Next invoice" isFlush>
          <Preview
            label="Next invoice"
            asked={{ subscription: id }}
            none="Nothing more will be invoiced."
          />
        </Card>
      )}
      <PartList part={invoicesPart} input={{ subscription: id, limit: NEWEST }} />
      <EventTimeline id={id} />
    </ObjectPage>
  );
}

const Items = ({ subscription }: { subscription: SubscriptionObject }) => (
  <Card title="Items" isFlush>
    <Table aria-label="Items">
      <thead>
        <tr>
          <Th>Product</Th>
          <Th>Price</Th>
          <Th className="text-right">Quantity</Th>
        </tr>
      </thead>
      <tbody>
        {subscription.items.data.map(({ id, price, quantity }) => (
          <tr key={id} className="group">
            <Td>
              <ObjectLink page={`products/${idOf(price.product) ?? ''}`}>
                <ProductName product={price.product} />
              </ObjectLink>
            </Td>
            <Td>
              <PriceText price={price} />
            </Td>
            <Td className="text-right tabular-nums">{quantity ?? 'As used'}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  </Card>
);

function SubscriptionFacts({ subscription }: { subscription: SubscriptionObject }) {
  const customer = idOf(subscription.customer);
  const card = objectIn(subscription.default_payment_method)?.card;
  const { collection_method, days_until_due, pause_collection, trial_end } = subscription;
  const at = (time: number | null) => time !== null && <Time at={time} as="date" />;
  return (
    <Facts
      facts={[
        {
          label: 'Customer',
          value: customer !== null && (
            <ObjectLink page={`customers/${customer}`}>
              {customerName(subscription.customer)}
            </ObjectLink>
          ),
        },
        { label: 'Description', value: subscription.description },
        { label: 'Started', value: at(subscription.start_date) },
        { label: 'Renews', value: <Renewal subscription={subscription} /> },
        { label: 'Trial ends', value: at(trial_end) },
        { label: 'Cancelled', value: at(subscription.canceled_at) },
        {
          label: 'Collected',
          value:
            collection_method === 'send_invoice'
              ? `By invoice, ${days_until_due ?? 0} days to pay`
              : 'From the card',
        },
        { label: 'Card', value: card === undefined ? null : cardText(card) },
        {
          label: 'Paused until',
          value: pause_collection !== null && at(pause_collection.resumes_at ?? null),
        },
        { label: 'Billing mode', value: <Word>{subscription.billing_mode.type}</Word> },
        { label: 'Test clock', value: idOf(subscription.test_clock) },
      ]}
    />
  );
}
