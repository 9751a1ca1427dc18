'use client';

import type { ReactNode } from 'react';
import { objectIn } from '@/components/api/expandable';
import type { Outputs, RowOf } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { formatUnitAmount } from '@/components/money/format';
import { Money } from '@/components/money/money';
import { Time } from '@/components/time/time';
import { useViewer } from '@/components/time/viewer';
import { cx } from '@/components/ui/classes';
import { Table, Td, Th } from '@/components/ui/surfaces';
import { ProductName } from '../products/name';

type Invoice = Outputs['invoices']['retrieve'];
export type Line = RowOf<'invoices.listLines'>;

export interface StatementProps {
  /** One that there is, or a preview of one. */
  readonly invoice: Invoice;
  /** All of them, where they are more than stand in the invoice itself. */
  readonly lines?: readonly Line[] | undefined;
  /** What can be done with a line, at its end. */
  readonly renderAction?: ((line: Line) => ReactNode) | undefined;
  /** What is heard of the table. */
  readonly label: string;
}

/** What is asked for and why, as the customer sees it. */
export function Statement({ invoice, lines, renderAction, label }: StatementProps) {
  const shown = lines ?? invoice.lines.data;
  return (
    <div className="flex flex-col">
      {shown.length === 0 ? (
        <p className="px-4 py-4 text-sm text-muted sm:px-5">Nothing is on it yet.</p>
      ) : (
        <Table aria-label={label}>
          <thead>
            <tr>
              <Th>Description</Th>
              <Th className="text-right max-sm:hidden">Quantity</Th>
              <Th className="text-right max-sm:hidden">Unit price</Th>
              <Th className="text-right">Amount</Th>
              {renderAction !== undefined && (
                <Th className="w-0">
                  <span className="sr-only">Actions</span>
                </Th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <LineRow key={line.id} line={line} action={renderAction?.(line)} />
            ))}
          </tbody>
        </Table>
      )}
      <Totals invoice={invoice} />
    </div>
  );
}

function LineRow({ line, action }: { line: Line; action: ReactNode }) {
  const { amount, currency, description, period, quantity } = line;
  return (
    <tr className="group">
      <Td className="py-2">
        <span className="block break-words">
          {description ?? <ProductName product={line.pricing?.price_details?.product ?? null} />}
        </span>
        {period.end > period.start && (
          <span className="block text-[13px] text-muted">
            <Time at={period.start} as="date" /> to <Time at={period.end} as="date" />
          </span>
        )}
      </Td>
      <Td className="text-right tabular-nums max-sm:hidden">{quantity}</Td>
      <Td className="text-right max-sm:hidden">
        <UnitPrice line={line} />
      </Td>
      <Td className="text-right">
        <Money amount={amount} currency={currency} />
      </Td>
      {action !== undefined && <Td className="w-0 text-right">{action}</Td>}
    </tr>
  );
}

function UnitPrice({ line }: { line: Line }) {
  const { locale } = useViewer();
  const unit = line.pricing?.unit_amount_decimal;
  if (unit == null) return null;
  return (
    <span className="tabular-nums">{formatUnitAmount(Number(unit), line.currency, locale)}</span>
  );
}

interface Total {
  readonly key: string;
  readonly label: ReactNode;
  readonly amount: number;
  readonly isStrong?: boolean;
}

/** What was taken off or put on between the total and what is due, by the customer's balance. */
const balanceApplied = ({
  amount_due,
  total,
  pre_payment_credit_notes_amount: credited,
}: Invoice) => amount_due - Math.max(0, total - credited);

function totalsOf(invoice: Invoice): Total[] {
  const { amount_due, amount_paid, amount_remaining, status } = invoice;
  const credited = invoice.pre_payment_credit_notes_amount;
  const creditedLater = invoice.post_payment_credit_notes_amount;
  const fromBalance = balanceApplied(invoice);
  const line = (key: string, amount: number, isShown: boolean, isStrong = false): Total[] =>
    isShown ? [{ key, label: key, amount, isStrong }] : [];
  return [
    ...line('Subtotal', invoice.subtotal, invoice.subtotal !== invoice.total),
    ...(invoice.total_discount_amounts ?? []).map(({ amount, discount }, index) => ({
      key: `discount ${index}`,
      label: discountName(discount),
      amount: -amount,
    })),
    ...(invoice.total_taxes ?? []).map(({ amount, tax_behavior, tax_rate_details }, index) => ({
      key: `tax ${index}`,
      label: (
        <TaxName
          rate={tax_rate_details?.tax_rate ?? null}
          isIncluded={tax_behavior === 'inclusive'}
        />
      ),
      amount,
    })),
    ...line('Total', invoice.total, true, amount_due === invoice.total),
    ...line('Credited', -credited, credited !== 0),
    ...line('Applied from balance', fromBalance, fromBalance !== 0),
    ...line('Amount due', amount_due, amount_due !== invoice.total, true),
    ...line('Paid', -amount_paid, amount_paid !== 0),
    ...line('Remaining', amount_remaining, status === 'open' && amount_paid !== 0, true),
    ...line('Credited after payment', -creditedLater, creditedLater !== 0),
  ];
}

type DiscountOf = NonNullable<Invoice['total_discount_amounts']>[number]['discount'];

function discountName(discount: DiscountOf): string {
  const coupon = objectIn(objectIn(discount)?.source.coupon);
  return coupon === null ? 'Discount' : `Discount (${coupon.name ?? coupon.id})`;
}

function TaxName({ rate, isIncluded }: { rate: string | null; isIncluded: boolean }) {
  const { data } = trpc.taxRates.retrieve.useQuery({ id: rate ?? '' }, { enabled: rate !== null });
  const name = data === undefined ? 'Tax' : `${data.display_name} ${data.percentage}%`;
  return isIncluded ? `${name}, included` : name;
}

const Totals = ({ invoice }: { invoice: Invoice }) => (
  <dl className="ml-auto flex w-full max-w-sm flex-col gap-1.5 border-t border-line px-4 py-3 text-sm sm:px-5">
    {totalsOf(invoice).map(({ key, label, amount, isStrong = false }) => (
      <div key={key} className={cx('flex justify-between gap-4', isStrong && 'font-semibold')}>
        <dt className={cx(!isStrong && 'text-muted')}>{label}</dt>
        <dd>
          <Money amount={amount} currency={invoice.currency} />
        </dd>
      </div>
    ))}
  </dl>
);
