/** Our books and the stand-in's, entry by entry and to the penny. */
import type postgres from 'postgres';
import type { Entry } from '@/server/processor/cardstream/gateway/reports';

interface Charged {
  readonly id: string;
  readonly payment_intent: string;
  readonly xref: string | null;
  readonly status: string;
  readonly captured: boolean;
  /** Captured, less what was given back. */
  readonly kept: number;
}

interface Attempted {
  readonly id: string;
  readonly payment_intent: string;
  readonly kind: string;
}

/** States in which a payment was approved, and the money is held, taken, or was let go of again. */
const APPROVED = [
  'approved',
  'captured',
  'tendered',
  'accepted',
  'deferred',
  'rejected',
  'canceled',
];
/** States in which the money is the merchant's, or will be. */
const TAKEN = ['captured', 'tendered', 'accepted', 'deferred', 'rejected'];

/** Sentences about what does not fit. */
export async function differencesBetween(
  sql: postgres.Sql,
  books: readonly Entry[],
): Promise<string[]> {
  const charges = await sql<Charged[]>`
    select c.id, c.payment_intent, c.processor_transaction as xref, c.status, c.captured,
      (case when c.captured then c.amount_captured else 0 end - coalesce((select sum(r.amount)
        from refunds r where r.charge = c.id and r.status = 'succeeded'), 0))::int as kept
    from charges c where c.processor_account is not null`;
  const attempts = await sql<Attempted[]>`
    select id, payment_intent, kind from processor_attempts where processor_account is not null`;
  const sales = books.filter(({ action }) => action === 'SALE');
  return [
    ...unknownSales(sales, attempts),
    ...doubled(sales, attempts),
    ...unequal(sales, charges),
    ...untrue(sales, charges),
    ...sums(sales, charges),
  ];
}

function unknownSales(sales: readonly Entry[], attempts: readonly Attempted[]): string[] {
  const references = new Set(attempts.map(({ id }) => id));
  return sales
    .filter(({ reference }) => reference === null || !references.has(reference))
    .map(({ reference }) => `The gateway was asked for ${reference}, of which we know nothing.`);
}

/** Of the references of one payment, the gateway approved one at the most, and each one once. */
function doubled(sales: readonly Entry[], attempts: readonly Attempted[]): string[] {
  const intents = new Map(attempts.map(({ id, payment_intent }) => [id, payment_intent]));
  const approved = new Map<string, string[]>();
  for (const { reference, state } of sales) {
    if (!APPROVED.includes(state)) continue;
    const intent = intents.get(reference ?? '') ?? '';
    approved.set(intent, [...(approved.get(intent) ?? []), reference ?? '']);
  }
  return [...approved]
    .filter(([, references]) => references.length > 1)
    .map(([intent, references]) => `${intent} was approved as ${references.join(' and ')}.`);
}

function unequal(sales: readonly Entry[], charges: readonly Charged[]): string[] {
  const byXref = new Map(charges.map((charge) => [charge.xref, charge]));
  return sales.flatMap((sale) => {
    const charge = byXref.get(sale.xref);
    const theirs = keptBy(sale);
    if (charge === undefined) {
      return APPROVED.includes(sale.state)
        ? [`${sale.xref} (${theirs}) is no charge of ours.`]
        : [];
    }
    return charge.kept === theirs &&
      (charge.status === 'succeeded') === APPROVED.includes(sale.state)
      ? []
      : [`${charge.id} is ${charge.status} ${charge.kept}; ${sale.xref} ${sale.state} ${theirs}.`];
  });
}

/** Charges that went through, and that the gateway knows nothing of. */
function untrue(sales: readonly Entry[], charges: readonly Charged[]): string[] {
  const known = new Set(sales.map(({ xref }) => xref));
  return charges
    .filter(({ status, xref }) => status === 'succeeded' && !known.has(xref ?? ''))
    .map(({ id, xref }) => `${id} went through as ${xref}, which the gateway does not know.`);
}

function sums(sales: readonly Entry[], charges: readonly Charged[]): string[] {
  const ours = charges.reduce((sum, { kept }) => sum + kept, 0);
  const theirs = sales.reduce((sum, sale) => sum + keptBy(sale), 0);
  return ours === theirs ? [] : [`We have ${ours}, and the gateway ${theirs}.`];
}

const keptBy = ({ state, received, refunded }: Entry): number =>
  TAKEN.includes(state) ? received - refunded : 0;
