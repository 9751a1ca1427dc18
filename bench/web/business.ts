/** What a business does, done once through the API: what is copied, and what is too little to copy. */
import Stripe from 'stripe';
import type { RunningServer } from '../server';
import type { Seeded } from './seed';

const SUBSCRIBERS = 60;

export const stripeOf = ({ port, authorization }: RunningServer): Stripe =>
  new Stripe(authorization.replace('Bearer ', ''), {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    telemetry: false,
  });

const payment = (customer: string, payment_method: string) => ({
  amount: 2_000,
  currency: 'gbp',
  customer,
  confirm: true,
  payment_method,
});

/** A customer with a card, a payment that succeeded, one that was refused, and one that is disputed. */
export async function examples(stripe: Stripe): Promise<void> {
  const customer = await stripe.customers.create({
    name: 'Ada Lovelace',
    email: 'ada@example.com',
  });
  await stripe.paymentIntents.create(payment(customer.id, 'pm_card_visa'));
  await stripe.paymentIntents
    .create(payment(customer.id, 'pm_card_chargeDeclined'))
    .catch((error: unknown) => {
      if (!(error instanceof Stripe.errors.StripeCardError)) throw error;
    });
  await stripe.paymentIntents.create(payment(customer.id, 'pm_card_createDispute'));
}

/** Subscribers who came over the last year, of whom some left. Their first months are made up by SQL. */
export async function subscribers(
  stripe: Stripe,
  { sql, projectId }: Seeded,
  now: number,
): Promise<void> {
  const prices = await Promise.all(
    [1_500, 4_900, 12_900].map((unit_amount) =>
      stripe.prices.create({
        currency: 'gbp',
        unit_amount,
        recurring: { interval: 'month' },
        product_data: { name: `Membership ${unit_amount / 100}` },
      }),
    ),
  );
  const span = 390 * 24 * 60 * 60;
  for (let index = 0; index < SUBSCRIBERS; index += 1) {
    const customer = await stripe.customers.create({
      name: `Subscriber ${index + 1}`,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const price = prices[(index * 7) % prices.length]?.id ?? '';
    const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price }] });
    const began = now - span + Math.floor(span * Math.sqrt((index + 1) / (SUBSCRIBERS + 1)));
    await sql.begin(async (past) => {
      // What has happened is never changed, except by those who make up a past.
      await past`set local session_replication_role = replica`;
      await past`update customers set created = ${began}
        where project_id = ${projectId} and id = ${customer.id}`;
      await past`update balance_transactions set created = ${began} where project_id = ${projectId}
        and source in (
          select id from charges where project_id = ${projectId} and customer = ${customer.id})`;
    });
    const lasts = (20 + ((index * 37) % 150)) * 24 * 60 * 60;
    await sql`update subscriptions set created = ${began}, start_date = ${began}
      where project_id = ${projectId} and id = ${id}`;
    if (index % 4 === 1 && began + lasts < now) {
      await stripe.subscriptions.cancel(id);
      await sql`update subscriptions set ended_at = ${began + lasts}, canceled_at = ${began + lasts}
        where project_id = ${projectId} and id = ${id}`;
    }
  }
}
