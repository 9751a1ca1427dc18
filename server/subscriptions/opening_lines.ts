/** What the first invoice of a subscription asks for: what lies behind, and the period that begins. */
import type { NewLine } from '@/server/invoices';
import type { Scope } from '@/server/kernel/context';
import type { Agreement, PricedItem } from './agreement';
import { nowOf } from './bill';
import { isMetered, linesAhead, namesOf, recurringOf, trialLine, type Names } from './lines';
import type { Opening } from './opening';
import { isWhole, stretchesBetween, stretchFrom } from './periods';

/** What the first invoice asks for, beside fees: nothing for what is metered, or not prorated. */
export async function openingLines(
  scope: Scope,
  { agreement, start, isProrated }: Opening,
): Promise<NewLine[]> {
  const names = await namesOf(scope, agreement.items);
  return agreement.items
    .filter((one) => !isMetered(one))
    .flatMap((one) =>
      openingLinesOf(agreement, one, { start, isProrated, names, now: nowOf(scope) }),
    );
}

function openingLinesOf(
  agreement: Agreement,
  one: PricedItem,
  { start, isProrated, names, now }: Omit<Opening, 'agreement'> & { names: Names; now: number },
): NewLine[] {
  const { billing_cycle_anchor: anchor, trial_end } = agreement.row;
  const every = recurringOf(one);
  const end = one.row.current_period_end;
  const ahead = (from: number, to: number): NewLine[] =>
    stretchesBetween(anchor, every, from, to).flatMap((stretch) =>
      linesAhead(agreement, one, stretch, names),
    );
  if (trial_end !== null) {
    const trial = trialLine(agreement, one, { start: now, end }, names);
    return [...(isProrated ? ahead(start, now) : []), trial];
  }
  if (isProrated) return ahead(start, end);
  // A stub is free then, and a period that is cut short is paid in full.
  const first = stretchFrom(anchor, every, now, null);
  return isWhole(first) ? linesAhead(agreement, one, first, names) : [];
}
