/**
 * An internal tool over tRPC: who spent most, and a note on their record. Every name and type is
 * checked by the compiler, because the client's types are computed from the server's operations.
 *
 *   CALMONY_KEY=sk_test_… npx tsx examples/internal-tool.ts
 */
import { createClient } from 'calmony-pay/client';

const key = process.env.CALMONY_KEY;
if (key === undefined) throw new Error('Set CALMONY_KEY to the secret key that npm start printed.');
const trpc = createClient({ url: process.env.CALMONY_URL ?? 'http://127.0.0.1:3000', key });

const spent = new Map<string, number>();
let after: { starting_after?: string } | null = {};
while (after !== null) {
  const page = await trpc.charges.list.query({ limit: 100, ...after });
  for (const { customer, paid, amount, amount_refunded } of page.data) {
    if (!paid || typeof customer !== 'string') continue;
    spent.set(customer, (spent.get(customer) ?? 0) + amount - amount_refunded);
  }
  const last = page.data.at(-1);
  after = page.has_more && last !== undefined ? { starting_after: last.id } : null;
}

const [best] = [...spent].toSorted(([, one], [, other]) => other - one);
if (best === undefined) throw new Error('Nobody has paid yet: run examples/quickstart.ts first.');
const [id, pence] = best;
const customer = await trpc.customers.update.mutate({ id, metadata: { tier: 'gold' } });
process.stdout.write(
  `${customer.name ?? id} spent ${pence} pence and is ${customer.metadata['tier']}.\n`,
);
