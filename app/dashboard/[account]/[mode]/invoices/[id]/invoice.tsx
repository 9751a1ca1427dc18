'use client';

import { X } from 'lucide-react';
import { customerName, idOf, objectIn } from '@/components/api/expandable';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Money } from '@/components/money/money';
import { Act } from '@/components/object/act';
import { Facts } from '@/components/object/facts';
import { MetadataCard } from '@/components/object/metadata';
import { ObjectLink } from '@/components/object/object-link';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { PartList } from '@/components/object/part-list';
import { EventTimeline } from '@/components/object/timeline';
import { Time } from '@/components/time/time';
import { IconButton } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy';
import { Card } from '@/components/ui/surfaces';
import { OwnLetterhead } from '../letterhead';
import { Statement, type Line } from '../statement';
import { InvoiceStatus } from '../status';
import { InvoiceActions } from './actions';
import { AddLines } from './add-lines';
import { invoiceCall, type InvoiceObject } from './call';
import { invoiceCreditNotes, invoicePayments } from './belongings';

const NEWEST = 10;

export function Invoice({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('invoices'), label: 'Invoices' };
  const { data: invoice, error, refetch } = trpc.invoices.retrieve.useQuery(invoiceCall(id));
  const update = trpc.invoices.update.useMutation();
  const may = useMay();
  if (error !== null && invoice === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (invoice === undefined) return <ObjectSkeleton />;
  return (
    <ObjectPage
      back={back}
      title={
        <>
          <Money amount={invoice.total} currency={invoice.currency} />{' '}
          <span className="font-normal text-muted">{invoice.number ?? 'Draft'}</span>
        </>
      }
      badge={<InvoiceStatus invoice={invoice} />}
      object={invoice}
      path={`/v1/invoices/${id}`}
      actions={<InvoiceActions invoice={invoice} />}
      aside={
        <>
          <Card title="Details">
            <InvoiceFacts invoice={invoice} />
          </Card>
          <MetadataCard
            metadata={invoice.metadata ?? {}}
            isFixed={!may('invoices', 'update')}
            onSave={async (metadata) => {
              await update.mutateAsync({ id, metadata });
              await refetch();
            }}
          />
        </>
      }
    >
      <Lines invoice={invoice} />
      <PartList part={invoicePayments} input={{ invoice: id, limit: NEWEST }} />
      <PartList part={invoiceCreditNotes} input={{ invoice: id, limit: NEWEST }} />
      <EventTimeline id={id} />
    </ObjectPage>
  );
}

/** As many as an invoice page shows; there is no longer one in practice, and an API for those. */
const LINES_MAX = 100;

function Lines({ invoice }: { invoice: InvoiceObject }) {
  const may = useMay();
  const isMore = invoice.lines.has_more;
  const all = trpc.invoices.listLines.useQuery(
    { id: invoice.id, limit: LINES_MAX },
    { enabled: isMore },
  );
  const isDraft = invoice.status === 'draft';
  const mayRemove = isDraft && may('invoices', 'removeLines');
  return (
    <Card
      title="Lines"
      isFlush
      actions={isDraft && may('invoices', 'addLines') && <AddLines invoice={invoice} />}
    >
      <OwnLetterhead taxIds={accountTaxIds(invoice)}>
        <dl className="flex min-w-0 flex-col text-[13px] leading-relaxed wrap-anywhere sm:max-w-sm sm:text-right">
          <dt className="text-muted">Invoice for</dt>
          <dd className="text-sm font-semibold">{customerName(invoice.customer)}</dd>
          {invoice.customer_email !== null && <dd>{invoice.customer_email}</dd>}
        </dl>
      </OwnLetterhead>
      <Statement
        label="Lines"
        invoice={invoice}
        lines={isMore ? all.data?.data : undefined}
        renderAction={
          mayRemove ? (line) => <RemoveLine invoice={invoice.id} line={line} /> : undefined
        }
      />
      {(invoice.description !== null || invoice.footer !== null) && (
        <div className="flex flex-col gap-2 border-t border-line px-4 py-3 text-sm sm:px-5">
          {invoice.description !== null && <p>{invoice.description}</p>}
          {invoice.footer !== null && <p className="text-muted">{invoice.footer}</p>}
        </div>
      )}
    </Card>
  );
}

/** The numbers that the invoice names; undefined where it leaves that to the project. */
const accountTaxIds = ({ account_tax_ids }: InvoiceObject): string[] | undefined =>
  account_tax_ids?.flatMap((one) => {
    const taxId = objectIn(one);
    return taxId === null || taxId.deleted === true ? [] : [taxId.value];
  });

function RemoveLine({ invoice, line }: { invoice: string; line: Line }) {
  const remove = trpc.invoices.removeLines.useMutation();
  return (
    <Act
      trigger={
        <IconButton label={`Remove ${line.description ?? 'this line'}`} size="small">
          <X />
        </IconButton>
      }
      title="Remove this line?"
      action="Remove line"
      done="Line removed"
      run={() => remove.mutateAsync({ id: invoice, lines: [{ id: line.id, behavior: 'delete' }] })}
    >
      {line.description ?? 'It has no description.'}
    </Act>
  );
}

/** TABLE: why there is an invoice, in words. */
const REASONS: Readonly<Record<string, string>> = {
  manual: 'Made by hand',
  subscription_create: 'A subscription began',
  subscription_cycle: 'A subscription renewed',
  subscription_update: 'A subscription changed',
  subscription_threshold: 'Usage reached a threshold',
};

/** Whoever has the address may pay: it goes to the customer, and opens here as they see it. */
const HostedPage = ({ url }: { url: string }) => (
  <span className="inline-flex items-center gap-1">
    <a href={url} target="_blank" rel="noreferrer" className="text-accent hover:underline">
      Open
    </a>
    <CopyButton text={url} label="Copy the address of the page" />
  </span>
);

function InvoiceFacts({ invoice }: { invoice: InvoiceObject }) {
  const customer = idOf(invoice.customer);
  const subscription = idOf(invoice.parent?.subscription_details?.subscription);
  const { finalized_at, paid_at, voided_at } = invoice.status_transitions;
  const at = (time: number | null) => time !== null && <Time at={time} />;
  return (
    <Facts
      facts={[
        {
          label: 'Customer',
          value: customer !== null && (
            <ObjectLink page={`customers/${customer}`}>{customerName(invoice.customer)}</ObjectLink>
          ),
        },
        { label: 'E-mail', value: invoice.customer_email },
        { label: 'Why', value: REASONS[invoice.billing_reason ?? ''] },
        {
          label: 'Subscription',
          value: subscription !== null && (
            <ObjectLink page={`subscriptions/${subscription}`}>{subscription}</ObjectLink>
          ),
        },
        {
          label: 'Paid by',
          value:
            invoice.collection_method === 'send_invoice'
              ? 'The customer, on receipt'
              : 'Their default card',
        },
        {
          label: 'Due',
          value: invoice.due_date !== null && <Time at={invoice.due_date} as="date" />,
        },
        {
          label: 'Page to pay it',
          value: invoice.hosted_invoice_url != null && (
            <HostedPage url={invoice.hosted_invoice_url} />
          ),
        },
        {
          label: 'On paper',
          value: invoice.invoice_pdf != null && (
            <a href={`${invoice.invoice_pdf}?download`} className="text-accent hover:underline">
              Download PDF
            </a>
          ),
        },
        { label: 'Finalized', value: at(finalized_at) },
        { label: 'Paid', value: at(paid_at) },
        { label: 'Voided', value: at(voided_at) },
        { label: 'Attempts', value: invoice.attempt_count > 0 && invoice.attempt_count },
        { label: 'Next attempt', value: at(invoice.next_payment_attempt) },
        {
          label: 'Balance before',
          value: invoice.starting_balance !== 0 && (
            <Money amount={invoice.starting_balance} currency={invoice.currency} />
          ),
        },
        {
          label: 'Balance after',
          value: invoice.ending_balance !== null && invoice.ending_balance !== 0 && (
            <Money amount={invoice.ending_balance} currency={invoice.currency} />
          ),
        },
      ]}
    />
  );
}
