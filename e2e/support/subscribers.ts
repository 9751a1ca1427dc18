/** Customers who have subscribed: one through the API, and any number as copies of that one. */
import type postgres from 'postgres';
import { SECRET_KEY } from './process';

export interface Address {
  readonly port: number;
}

type Form = Readonly<Record<string, string>>;
type Answer = Record<string, unknown> & { readonly id: string };

/** POSTs to the API, and throws what it refuses. */
export async function post({ port }: Address, path: string, form: Form): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET_KEY}` },
    body: new URLSearchParams(form),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(`${path} was refused: ${JSON.stringify(answer)}`);
  return answer;
}

/** The id of a price of ten pounds a month. */
export async function newPrice(server: Address): Promise<string> {
  const { id } = await post(server, 'prices', {
    currency: 'gbp',
    unit_amount: '1000',
    'recurring[interval]': 'month',
    'product_data[name]': 'Gold',
  });
  return id;
}

/** A customer with a card that always works. */
export const newPayer = (server: Address): Promise<Answer> =>
  post(server, 'customers', {
    payment_method: 'pm_card_visa',
    'invoice_settings[default_payment_method]': 'pm_card_visa',
  });

/** Ids of a customer, its card, its subscription and the item of that. */
export interface Subscribed {
  readonly customer: string;
  readonly payment_method: string;
  readonly subscription: string;
  readonly item: string;
}

export async function subscribe(server: Address): Promise<Subscribed> {
  const customer = await newPayer(server);
  const { id, items } = await post(server, 'subscriptions', {
    customer: customer.id,
    'items[0][price]': await newPrice(server),
  });
  const settings = customer['invoice_settings'] as { default_payment_method: string };
  const [item] = (items as { data: { id: string }[] }).data;
  return {
    customer: customer.id,
    payment_method: settings.default_payment_method,
    subscription: id,
    item: item?.id ?? '',
  };
}

/** Which copies: the first letter of the bodies of their ids, which are older than any real one. */
export type Crowd = 'due' | 'idle' | 'warm';

const PREFIXES: Readonly<Record<Crowd, string>> = {
  idle: '0000001',
  due: '0000002',
  warm: '0000003',
};

const MONTH_SECONDS = 30 * 24 * 3600;

/** Copies the customer, its card, its subscription and the item, `count` times, due in a year. */
export async function copySubscribed(
  sql: postgres.Sql,
  original: Subscribed,
  { crowd, count }: { crowd: Crowd; count: number },
): Promise<void> {
  const id = (prefix: string): string => `'${prefix}_${PREFIXES[crowd]}' || lpad(n::text, 15, '0')`;
  const later = Math.floor(Date.now() / 1000) + 12 * MONTH_SECONDS;
  const copy = (table: string, row: string, values: Readonly<Record<string, string>>) =>
    copyRow(sql, table, { row, count, values });
  await copy('customers', original.customer, {
    id: id('cus'),
    invoice_prefix: `upper(substr(md5(n::text), 1, 12))`,
    invoice_settings: `jsonb_set(invoice_settings, '{default_payment_method}', to_jsonb(${id('pm')}))`,
  });
  await copy('payment_methods', original.payment_method, { id: id('pm'), customer: id('cus') });
  await copy('subscriptions', original.subscription, {
    id: id('sub'),
    customer: id('cus'),
    due_at: String(later),
    latest_invoice: 'null',
  });
  await copy('subscription_items', original.item, {
    id: id('si'),
    subscription: id('sub'),
    current_period_end: String(later),
  });
}

async function copyRow(
  sql: postgres.Sql,
  table: string,
  { row, count, values }: { row: string; count: number; values: Readonly<Record<string, string>> },
): Promise<void> {
  const columns = await sql<{ name: string }[]>`
    select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attnum`;
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const selected = columns.map(({ name }) => values[name] ?? `"${name}"`).join(', ');
  await sql.unsafe(
    `insert into ${table} (${names}) select ${selected}
     from (select * from ${table} where id = $1) original, generate_series(1, ${count}) n`,
    [row],
  );
}

/** Makes the whole crowd due now, which is the start of their next period. In unix seconds. */
export async function makeDue(sql: postgres.Sql, crowd: Crowd): Promise<number> {
  const now = Math.floor(Date.now() / 1000);
  await sql`update subscription_items
    set current_period_start = ${now - MONTH_SECONDS}, current_period_end = ${now}
    where id like ${`si_${PREFIXES[crowd]}%`}`;
  await sql`update subscriptions
    set billing_cycle_anchor = ${now}, announced_renewal = ${now}, due_at = ${now}
    where id like ${`sub_${PREFIXES[crowd]}%`}`;
  return now;
}

/**
 * Whether any renewal is still to be done. It looks at the first entry of each index of what becomes
 * due: asked whether any row is due, PostgreSQL would read the table from its start, where it takes
 * the next one for near, and beside a million that are not due it measured mostly that.
 */
export async function isRenewing(sql: postgres.Sql): Promise<boolean> {
  const now = Math.floor(Date.now() / 1000);
  const [left] = await sql<{ some: boolean }[]>`
    select coalesce(
        least(
          (select min(due_at) from subscriptions where test_clock is null),
          (select min(due_at) from invoices where test_clock is null)
        ) <= ${now}, false)
      or exists (select from processor_attempts where status = 'pending') as some`;
  return left?.some ?? false;
}

/** How far the renewals of the period that began at `cycle` are. */
export interface Renewed {
  readonly invoices: number;
  readonly paid: number;
  readonly charges: number;
  /** Subscriptions with more than one invoice or charge of this period. */
  readonly doubled: number;
  readonly periods: number;
}

export async function renewedAt(sql: postgres.Sql, cycle: number): Promise<Renewed> {
  // The original may have begun at the same second.
  const copies = `sub_${PREFIXES.due}%`;
  const [renewed] = await sql<Renewed[]>`
    with each as (
      select i.subscription, count(distinct i.id) as invoices,
        count(distinct i.id) filter (where i.status = 'paid') as paid, count(c.id) as charges
      from invoices i
      left join invoice_payments p on p.invoice = i.id
      left join charges c on c.payment_intent = p.payment_intent and c.status = 'succeeded'
      where i.cycle = ${cycle} and i.subscription like ${copies} group by i.subscription
    )
    select coalesce(sum(invoices), 0)::int as invoices, coalesce(sum(paid), 0)::int as paid,
      coalesce(sum(charges), 0)::int as charges,
      count(*) filter (where invoices > 1 or charges > 1)::int as doubled,
      (select count(*)::int from subscription_items
        where current_period_start = ${cycle} and subscription like ${copies}) as periods
    from each`;
  if (renewed === undefined) throw new Error('Nothing was counted.');
  return renewed;
}

/** At once finalized, and not after their hour: one moment then holds the whole of a renewal. */
export async function finalizeAtOnce(sql: postgres.Sql): Promise<void> {
  await sql`update projects set settings = '{"billing":{"draft_seconds":0}}'`;
}
