/**
 * The control door: how a test moves time, breaks the line, settles, and looks into the books. It is
 * no part of the protocol, and opens to this machine only.
 */
import { Hono, type Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { Account } from './accounts';
import { answerChallenge, cresOf } from './acs';
import type { SettledRow } from './books';
import { FaultPlan } from './faults';
import type { Gateway } from './gateway';
import { Settle, settle, toCsv } from './settlement';
import { Switches } from './switches';
import { totalsOf, transactionsOf } from './reports';

const Clock = z.strictObject({
  /** Milliseconds to go forward. */
  advance_ms: z
    .int()
    .min(0)
    .max(400 * 86_400_000)
    .optional(),
  /** Back to the clock of the machine. */
  reset: z.literal(true).optional(),
});

const Challenge = z.strictObject({
  xref: z.string(),
  /** What the cardholder makes of it, as EMV 3-D Secure's transStatus. */
  status: z.enum(['Y', 'N', 'U', 'A', 'R', 'E']),
});

export function createControl(gateway: Gateway): Hono {
  const app = new Hono();
  app.use('/control/*', local);
  const { bank, faults, callbacks } = gateway;

  app.get('/control/status', (http) =>
    http.json({
      now: new Date(bank.now()).toISOString(),
      accounts: gateway.accounts().map(({ merchantID, three_ds }) => ({ merchantID, three_ds })),
      switches: bank.switches,
      faults: faults.report(),
      callbacks: callbacks.report(),
      transactions: bank.books.size,
    }),
  );
  app.put('/control/accounts', async (http) => {
    gateway.addAccount(await bodyOf(http, Account));
    return http.json({});
  });
  app.patch('/control/switches', async (http) => {
    const changes = await bodyOf(http, z.record(z.string(), z.unknown()));
    // Checked with all the others: a name that is none of them is refused.
    return http.json(gateway.turn(checked(Switches, { ...bank.switches, ...changes })));
  });
  app.post('/control/clock', async (http) => {
    const { advance_ms = 0, reset } = await bodyOf(http, Clock);
    gateway.travel(reset === true ? null : advance_ms);
    return http.json({ now: new Date(bank.now()).toISOString() });
  });
  app.put('/control/faults', async (http) => {
    faults.plan(await bodyOf(http, FaultPlan));
    return http.json(faults.report());
  });
  app.delete('/control/faults', (http) => {
    faults.plan({ seed: 1, faults: [] });
    return http.json(faults.report());
  });
  app.post('/control/challenge', async (http) => {
    const { xref, status } = await bodyOf(http, Challenge);
    const transaction = bank.books.byXref(xref);
    if (transaction?.authentication?.stage !== 'challenge') {
      throw new HTTPException(409, { message: 'Nothing is asked of this cardholder.' });
    }
    answerChallenge(bank, transaction, status);
    return http.json({ cres: cresOf(transaction.authentication, status) });
  });
  app.post('/control/callbacks', async (http) => {
    const { xref } = await bodyOf(http, z.strictObject({ xref: z.string() }));
    return http.json({ repeated: callbacks.repeat(xref) });
  });
  app.get('/control/callbacks', async (http) => {
    if (http.req.query('idle') !== undefined) await callbacks.idle();
    return http.json(callbacks.report());
  });
  app.post('/control/settle', async (http) => {
    const rows = settle(bank, await bodyOf(http, Settle));
    return http.json({ batch: rows[0]?.batch ?? null, rows });
  });
  app.get('/control/settlements', (http) => http.json({ batches: batchesOf(bank.books.settled) }));
  app.get('/control/settlement.csv', (http) => {
    const { batch, merchant_id } = http.req.query();
    const rows = bank.books.settled.filter(
      (row) =>
        (batch === undefined || row.batch === Number(batch)) &&
        (merchant_id === undefined || row.merchantID === merchant_id),
    );
    http.header('content-type', 'text/csv; charset=utf-8');
    http.header('content-disposition', `attachment; filename="settlement-${batch ?? 'all'}.csv"`);
    return http.body(toCsv(rows));
  });
  app.get('/control/totals', (http) =>
    http.json({ totals: totalsOf(bank, http.req.query('merchant_id')) }),
  );
  app.get('/control/books', (http) =>
    http.json({ transactions: transactionsOf(bank, http.req.query()) }),
  );
  return app;
}

async function bodyOf<T>({ req }: Context, schema: z.ZodType<T>): Promise<T> {
  const text = await req.text();
  return checked(schema, text === '' ? {} : parse(text));
}

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new HTTPException(400, { message: z.prettifyError(parsed.error) });
  return parsed.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HTTPException(400, { message: 'The body is no JSON.' });
  }
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/** Not from elsewhere, and not by a page that a browser on this machine happens to show. */
const local = createMiddleware(async (http, next) => {
  const { incoming } = (http.env ?? {}) as { incoming?: { socket: { remoteAddress?: string } } };
  const isFar = incoming !== undefined && !LOOPBACK.test(incoming.socket.remoteAddress ?? '');
  if (isFar || http.req.header('origin') !== undefined) return http.text('Not from there.', 403);
  await next();
});

const batchesOf = (rows: readonly SettledRow[]) => {
  const batches = new Map<number, { batch: number; date: string; rows: number }>();
  for (const { batch, at } of rows) {
    const known = batches.get(batch);
    const date = new Date(at).toISOString();
    batches.set(batch, { batch, date, rows: (known?.rows ?? 0) + 1 });
  }
  return [...batches.values()];
};
