'use client';

import Link from 'next/link';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Money } from '@/components/money/money';
import { Facts, Figures, Word } from '@/components/object/facts';
import { MetadataCard } from '@/components/object/metadata';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { RequestLogs } from '@/components/object/request-logs';
import { EventTimeline } from '@/components/object/timeline';
import { Time } from '@/components/time/time';
import { Card } from '@/components/ui/surfaces';
import { paymentCall } from '../call';
import {
  chargeOf,
  customerName,
  givenBack,
  PaymentBadge,
  type Charge,
  type Intent,
} from '../state';
import { Attempts } from './attempts';
import { CancelPayment } from './cancel-payment';
import { CapturePayment } from './capture-payment';
import { Disputes } from './disputes';
import { RefundPayment } from './refund-payment';
import { Refunds } from './refunds';

export function Payment({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('payments'), label: 'Payments' };
  const { data, error, refetch } = trpc.paymentIntents.retrieve.useQuery(paymentCall(id));
  if (error !== null && data === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <ObjectSkeleton />;
  return <Known payment={data} back={back} />;
}

function Known({ payment, back }: { payment: Intent; back: { href: string; label: string } }) {
  const { id, amount, currency } = payment;
  const charge = chargeOf(payment);
  const may = useMay();
  const update = trpc.paymentIntents.update.useMutation();
  const queries = trpc.useUtils();
  return (
    <ObjectPage
      back={back}
      title={<Money amount={amount} currency={currency} hasCode />}
      badge={<PaymentBadge payment={payment} />}
      object={payment}
      path={`/v1/payment_intents/${id}`}
      actions={<Actions payment={payment} charge={charge} />}
      aside={
        <>
          <Card title="Details">
            <PaymentFacts payment={payment} charge={charge} />
          </Card>
          <MetadataCard
            metadata={payment.metadata}
            isFixed={!may('payment_intents', 'update')}
            onSave={async (metadata) => {
              await update.mutateAsync({ id, metadata });
              await queries.paymentIntents.invalidate();
            }}
          />
        </>
      }
    >
      {charge !== null && <ChargeFigures charge={charge} />}
      <Attempts id={id} />
      <Refunds id={id} />
      {charge?.disputed === true && <Disputes id={id} />}
      <EventTimeline id={id} />
      <RequestLogs of={{ related_object: id }} />
    </ObjectPage>
  );
}

/** TABLE: the statuses in which a payment can still be given up. */
const CANCELABLE: ReadonlySet<string> = new Set([
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
]);

function Actions({ payment, charge }: { payment: Intent; charge: Charge | null }) {
  const may = useMay();
  const refundable = charge === null ? 0 : charge.amount_captured - givenBack(charge);
  return (
    <>
      {CANCELABLE.has(payment.status) && may('payment_intents', 'cancel') && (
        <CancelPayment id={payment.id} />
      )}
      {payment.status === 'requires_capture' && may('payment_intents', 'capture') && (
        <CapturePayment payment={payment} />
      )}
      {payment.status === 'succeeded' && refundable > 0 && may('refunds', 'create') && (
        <RefundPayment id={payment.id} currency={payment.currency} refundable={refundable} />
      )}
    </>
  );
}

/** What it brought in. Fee and net are of the balance, and known once there is an entry there. */
function ChargeFigures({ charge }: { charge: Charge }) {
  const { currency, balance_transaction: entry } = charge;
  const booked = entry === null || typeof entry === 'string' ? null : entry;
  const sum = (amount: number, of = currency) => <Money amount={amount} currency={of} />;
  return (
    <Figures
      figures={[
        { label: 'Captured', value: sum(charge.captured ? charge.amount_captured : 0) },
        { label: 'Refunded', value: sum(givenBack(charge)) },
        ...(booked === null
          ? []
          : [
              { label: 'Fee', value: sum(booked.fee, booked.currency) },
              { label: 'Net', value: sum(booked.net, booked.currency) },
            ]),
      ]}
    />
  );
}

function PaymentFacts({ payment, charge }: { payment: Intent; charge: Charge | null }) {
  const { href } = useProject();
  const { customer } = payment;
  const customerId = customer === null || typeof customer === 'string' ? customer : customer.id;
  const captureBefore = charge?.payment_method_details?.card?.capture_before;
  return (
    <Facts
      facts={[
        {
          label: 'Customer',
          value: customerId !== null && (
            <Link href={href(`customers/${customerId}`)} className="text-accent hover:underline">
              {customerName(payment)}
            </Link>
          ),
        },
        { label: 'Description', value: payment.description },
        { label: 'Receipt to', value: payment.receipt_email },
        { label: 'On statements', value: charge?.calculated_statement_descriptor },
        {
          label: 'Capture by',
          value: captureBefore !== undefined && payment.status === 'requires_capture' && (
            <Time at={captureBefore} />
          ),
        },
        {
          label: 'Cancelled',
          value: payment.canceled_at !== null && <Time at={payment.canceled_at} />,
        },
        {
          label: 'Because',
          value: payment.cancellation_reason !== null && (
            <Word>{payment.cancellation_reason.replaceAll('_', ' ')}</Word>
          ),
        },
        {
          label: 'Risk',
          value: charge?.outcome?.risk_level != null && <Word>{charge.outcome.risk_level}</Word>,
        },
        {
          label: 'Charge',
          value: charge !== null && (
            <span className="font-mono text-[13px] break-all">{charge.id}</span>
          ),
        },
      ]}
    />
  );
}
