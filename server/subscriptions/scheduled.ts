/**
 * What a schedule does with the subscription that it manages: begins it, has it enter a phase, and
 * lets it go. Time stands at the instant that was planned, however late it is.
 *
 * Nothing is charged here and now: "the first invoice of a subscription schedule behaves like a
 * recurring invoice", a draft that is finalized some time later, and so does that of a new phase.
 * https://docs.stripe.com/billing/subscriptions/subscription-schedules
 */
import type { CustomerRow } from '@/server/customers';
import type { NewInvoice } from '@/server/invoices';
import { lockUnfinishedOf } from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import { amend, lockAgreement, write, type Agreement } from './agreement';
import { asPaused, finalizesAt, nowOf } from './bill';
import { composeFirst, establish, firstInvoice, statusAtFirst } from './create';
import { addFees } from './fees';
import { recurringOf } from './lines';
import { open } from './opening';
import type { CreateSubscription, Planned } from './params';
import { stretchFrom } from './periods';
import { addItems } from './revise';
import { applyAndDraft, decide, invoiceOf } from './update';
import type { GivenUpdate } from './update.params';

/** The schedule of a subscription, and when it changes it next: unix seconds. */
export interface Management {
  readonly schedule: string;
  readonly phase_end: number;
}

/**
 * Begins the subscription of a schedule. It is active at once, whatever becomes of its first invoice.
 *
 * @param tx on the customer's clock.
 * @throws ApiError 400 for what cannot be agreed on.
 */
export async function beginScheduled(
  tx: Tx,
  customer: CustomerRow,
  { add_invoice_items: fees = [], ...given }: CreateSubscription & Planned,
  management: Management,
): Promise<Agreement> {
  const opening = await open(tx, customer, given);
  const { agreement } = opening;
  await addFees(tx, agreement, fees, given.planned);
  const asked = await firstInvoice(tx, opening, customer);
  const first = await composeFirst(tx, asked === null ? null : asDraft(tx, agreement, asked));
  const status = statusAtFirst(agreement, 0);
  const { started, invoice } = await establish(tx, agreement, first, { ...management, status });
  if (invoice !== null) await asPaused(tx, started, invoice);
  return started;
}

/** As a renewal's invoice is, to be finalized some time later. */
function asDraft(tx: Tx, agreement: Agreement, asked: NewInvoice): NewInvoice {
  const automatically_finalizes_at = finalizesAt(agreement, nowOf(tx));
  const auto_advance = automatically_finalizes_at !== null;
  return { ...asked, auto_advance, automatically_finalizes_at };
}

/**
 * Makes of a subscription what the phase that begins says. What renews at the same instant renews
 * afterwards, as it then is.
 *
 * @param phase_end when the schedule changes it next, in unix seconds; null when never.
 * @param tx at the instant of the change.
 */
export async function enterPhase(
  tx: Tx,
  id: string,
  { add_invoice_items: fees = [], ...given }: GivenUpdate,
  phase_end: number | null,
): Promise<void> {
  await lockUnfinishedOf(tx, id);
  const found = await lockAgreement(tx, id);
  if (found === null) throw new Error(`${id} does not exist.`);
  const revision = await decide(tx, write(tx, found, { row: { phase_end } }), given);
  await addFees(tx, asRenewed(tx, revision.after), fees, given.planned);
  await addItems(tx, revision, []);
  const asked = revision.isInvoiced ? await invoiceOf(tx, revision) : null;
  const { agreement, invoice } = await applyAndDraft(
    tx,
    revision,
    asked === null ? null : asDraft(tx, revision.after, asked),
  );
  if (invoice !== null) await asPaused(tx, agreement, invoice);
}

/** With the periods that begin now, where a renewal is due at this instant. */
const asRenewed = (tx: Tx, agreement: Agreement): Agreement => ({
  ...agreement,
  items: agreement.items.map((one) => {
    if (one.row.current_period_end !== nowOf(tx)) return one;
    const { billing_cycle_anchor: anchor, cancel_at } = agreement.row;
    const { start, end } = stretchFrom(anchor, recurringOf(one), nowOf(tx), cancel_at);
    return { ...one, row: { ...one.row, current_period_start: start, current_period_end: end } };
  }),
});

/** Puts a subscription under a schedule; or lets it go, where there is none from now on. */
export async function manage(
  tx: Tx,
  id: string,
  management: Management | { readonly schedule: null; readonly phase_end: null },
): Promise<Agreement> {
  const agreement = await lockAgreement(tx, id);
  if (agreement === null) throw new Error(`${id} does not exist.`);
  return amend(tx, agreement, { row: management });
}

/** Says when the schedule changes it next, in unix seconds; null leaves it to itself. */
export async function movePhaseEnd(tx: Tx, id: string, phase_end: number | null): Promise<void> {
  const agreement = await lockAgreement(tx, id);
  if (agreement === null) throw new Error(`${id} does not exist.`);
  write(tx, agreement, { row: { phase_end } });
}
