/**
 * Where an invoice is paid by whoever has its address, which is `hosted_invoice_url`:
 *
 *   GET  …         what it asks for, and how it stands
 *   GET  …/pdf     the same on paper; with `?download` to be kept
 *   GET  …/card    the gateway's own fields, where a gateway is connected
 *   POST …/pay     by a card on file with the shop, or by one that was typed in
 *
 * A payment goes on at the issuer's where the issuer wants to know who pays, and comes back here.
 * https://docs.stripe.com/invoicing/hosted-invoice-page
 */
import { Hono, type Context } from 'hono';
import { fieldsPage, policyOf as fieldsPolicyOf } from '@/server/api/card_fields/page';
import type { Holder } from '@/server/api/holder';
import { documentOf } from '@/server/api/invoice_pdf/serve';
import { Busy } from '@/server/api/invoice_pdf/turns';
import { formLimit, storableForm } from '@/server/api/payer/form';
import { policyOf, type Setting } from '@/server/api/payer/page';
import { shopOf } from '@/server/api/payer/shop';
import { perform } from '@/server/api/perform';
import { visitorAt } from '@/server/api/visit';
import { settle } from '@/server/conclusions';
import { ctxOf, scopeOf, type Runtime } from '@/server/context';
import { hosted_cards } from '@/server/hosted_cards';
import { findHosted, payHosted, type HostedInvoice } from '@/server/invoices';
import type { RequestIdentity, Scope } from '@/server/kernel/context';
import { formatMoney } from '@/server/kernel/currencies';
import { ApiError } from '@/server/kernel/errors';
import { addressIn } from '@/server/processor_attempts';
import { findCurrentAccount } from '@/server/processor_accounts';
import { admit, forgive, type Attempt } from '@/server/users';
import { invoicePage, unknownInvoicePage, type CardEntry } from './page';
import { isOpen } from './words';

// Nine digits are within PostgreSQL's integer, whichever they are.
const PATH =
  '/invoice/:mode{live|test}/:project{[1-9][0-9]{0,8}}/:invoice{inv_[0-9A-Za-z]{22}}/:signature{[-_0-9A-Za-z]{22}}';

/** An address that was cut off on its way is a payer's all the same. */
const INCOMPLETE = '/invoice/:mode{live|test}/*';

type Asked = Context<object, typeof PATH>;

/** Of a form with a card in it. */
const BYTES_MAX = 16 * 1024;

/** By then most of those documents are drawn. */
const RETRY_AFTER_SECONDS = '5';

export function createHostedInvoiceApp(runtime: Runtime): Hono {
  const app = new Hono();
  app.get(PATH, async (http) => show(runtime, http, null, 200));
  app.get(`${PATH}/pdf`, async (http) => {
    try {
      return await print(runtime, http);
    } catch (error) {
      if (!(error instanceof Busy)) throw error;
      const headers = { 'retry-after': RETRY_AFTER_SECONDS, 'cache-control': 'no-store' };
      return http.text('Too many documents are asked for. Try again in a moment.\n', 503, headers);
    }
  });
  app.get(`${PATH}/card`, async (http) => {
    const scope = scopeOf(runtime, tenantOf(http));
    const hosted = await findHosted(scope, ...givenIn(http));
    const account = hosted === null ? null : await findCurrentAccount(scope);
    if (hosted === null || account === null) return http.redirect(pathOf(http), 303);
    const { amount_remaining, currency } = hosted.invoice;
    guard(http, fieldsPolicyOf(account.base_url));
    return http.html(
      fieldsPage({
        purpose: { kind: 'submit', to: `${pathOf(http)}/pay` },
        action: `Pay ${formatMoney(amount_remaining, currency)}`,
        isTest: !account.livemode,
        merchantId: account.merchant_id,
        baseUrl: account.base_url,
      }),
    );
  });
  app.post(`${PATH}/pay`, formLimit(BYTES_MAX), storableForm, async (http) => {
    try {
      return http.redirect(await pay(runtime, http), 303);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return show(runtime, http, error.message, error.status === 429 ? 429 : 400);
    }
  });
  app.get(INCOMPLETE, unknown);
  return app;
}

const tenantOf = ({ req }: Asked) => ({
  projectId: Number(req.param('project')),
  livemode: req.param('mode') === 'live',
});

const givenIn = ({ req }: Asked): [id: string, signature: string] => [
  req.param('invoice'),
  req.param('signature'),
];

const pathOf = ({ req }: Asked): string =>
  `/invoice/${req.param('mode')}/${req.param('project')}/${req.param('invoice')}/${req.param('signature')}`;

function unknown(http: Context): Response | Promise<Response> {
  guard(http, policyOf(null));
  return http.html(unknownInvoicePage(settingOf(http, null)), 404);
}

const settingOf = ({ req }: Context, shop: Setting['shop']): Setting => ({
  host: 'Invoice',
  isTest: req.param('mode') !== 'live',
  shop,
});

function guard(http: Context, policy: string): void {
  http.header('content-security-policy', policy);
  http.header('x-content-type-options', 'nosniff');
  // The address is the payer's, and what it shows changes.
  http.header('referrer-policy', 'no-referrer');
  http.header('cache-control', 'no-store');
}

async function show(
  runtime: Runtime,
  http: Asked,
  problem: string | null,
  status: 200 | 400 | 429,
) {
  const scope = scopeOf(runtime, tenantOf(http));
  const hosted = await findHosted(scope, ...givenIn(http));
  if (hosted === null) return unknown(http);
  const shop = await shopOf(scope);
  const { html, policy } = invoicePage(settingOf(http, shop), {
    ...hosted,
    path: pathOf(http),
    entry: await entryOf(scope),
    problem: problem ?? lastProblemOf(hosted),
  });
  guard(http, policyOf(shop, policy));
  return http.html(html, status);
}

async function print(runtime: Runtime, http: Asked): Promise<Response> {
  const { signal } = http.req.raw;
  const document = await documentOf(scopeOf(runtime, tenantOf(http)), givenIn(http), signal);
  if (document === null) return show(runtime, http, null, 200);
  const how = http.req.query('download') === undefined ? 'inline' : 'attachment';
  return http.body(new Uint8Array(document.bytes), 200, {
    'content-type': 'application/pdf',
    'content-disposition': `${how}; filename="${document.name}"`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // The address is the payer's, and what it shows changes: asked for again each time.
    'cache-control': 'private, no-cache',
  });
}

/** Without a gateway there is the simulator, in test mode. */
async function entryOf(scope: Scope): Promise<CardEntry> {
  if ((await findCurrentAccount(scope)) !== null) return { kind: 'hosted' };
  return { kind: scope.livemode ? 'none' : 'typed' };
}

const lastProblemOf = ({ intent }: HostedInvoice): string | null =>
  intent?.status === 'requires_payment_method'
    ? (intent.last_payment_error?.message ?? null)
    : null;

/** Answers where the payer goes on. */
async function pay(runtime: Runtime, http: Asked): Promise<string> {
  const tenant = tenantOf(http);
  const scope = scopeOf(runtime, tenant);
  const hosted = await findHosted(scope, ...givenIn(http));
  // Paid or void since the page was read: no card is taken for nothing.
  if (hosted === null || !isOpen(hosted.invoice)) return pathOf(http);
  // Nor while another card is being charged, which the page then says.
  if (hosted.intent?.status === 'processing') return pathOf(http);
  const visitor = visitorAt({ runtime }, http);
  const form = new Map(new URLSearchParams(await http.req.text()));
  const onFile = form.get('payment_method');
  const { id } = hosted.invoice;
  // Whoever tries strangers' cards here does not keep the customer from the one that they have on file.
  const kind = onFile === undefined ? 'card' : 'card_on_file';
  const attempt: Attempt = { account: `${kind}/${id}`, device: null };
  // Nobody is to find out here which of many stolen cards still work, or to charge one in a loop.
  await visitor.people((people) => admit(people, attempt));
  const { request } = visitor;
  const means = {
    payment_method: onFile ?? (await newMethod(runtime, { tenant, request, form })),
    isNew: onFile === undefined,
  };
  const ctx = ctxOf(runtime, { ...tenant, request });
  const awaited = await ctx.transaction((tx) => payHosted(tx, id, means));
  // What the processor says is news to the invoice, and on the page that the payer comes back to.
  if (awaited !== null) await settle(ctx, awaited.attempt, async () => undefined);
  const intent = (await findHosted(scope, ...givenIn(http)))?.intent;
  // A card whose holder is to be asked has shown nothing yet: only money ends the count.
  if (intent?.status === 'succeeded') await visitor.people((people) => forgive(people, attempt));
  const challenge = intent?.status === 'requires_action' ? addressIn(intent.next_action) : null;
  return challenge ?? pathOf(http);
}

interface NewMethod {
  readonly tenant: ReturnType<typeof tenantOf>;
  readonly request: RequestIdentity;
  readonly form: ReadonlyMap<string, string>;
}

/**
 * The card in the form, which is nobody's yet: its id.
 *
 * @throws ApiError what is wrong with it.
 */
async function newMethod(runtime: Runtime, { tenant, request, form }: NewMethod): Promise<string> {
  const holder: Holder = {
    id: 'payer',
    ...tenant,
    type: 'secret',
    rights: null,
    status: 'active',
    expiresAt: null,
  };
  const operation = hosted_cards.operations.create;
  const answer = await perform(runtime, {
    operation,
    holder,
    at: runtime.clock(),
    request,
    bag: { type: 'card', card: cardIn(form), billing_details: billingIn(form) },
    expand: [],
    path: operation.route.split(' ')[1] ?? '',
  });
  if (answer.error !== undefined) throw answer.error;
  return (JSON.parse(answer.body) as { id: string }).id;
}

function cardIn(form: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  const token = form.get('token');
  if (token !== undefined) return { token };
  const [month = '', year = ''] = (form.get('expiry') ?? '').split('/').map((part) => part.trim());
  return {
    number: (form.get('number') ?? '').replaceAll(/[\s-]/g, ''),
    exp_month: month,
    exp_year: year.length === 2 ? `20${year}` : year,
    cvc: form.get('cvc') ?? '',
  };
}

/** `billing_details[name]` and the like, as far as they were filled in. */
function billingIn(form: ReadonlyMap<string, string>) {
  const given = (name: string): Record<string, string> => {
    const text = form.get(name)?.trim() ?? '';
    const param = /\[(\w+)\]$/.exec(name)?.[1];
    return text === '' || param === undefined ? {} : { [param]: text };
  };
  const address = {
    ...given('billing_details[address][line1]'),
    ...given('billing_details[address][postal_code]'),
  };
  return {
    ...given('billing_details[name]'),
    ...(Object.keys(address).length === 0 ? {} : { address }),
  };
}
