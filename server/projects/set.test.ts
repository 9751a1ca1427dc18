import { TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import type { Client, StripeError } from '@/server/api/trpc/client';
import { payment_intents } from '@/server/payment_intents';
import { ask } from '@/server/testing/ask';
import {
  accountOf,
  createUser,
  giveRole,
  newBrowser,
  openApi,
  type Door,
} from '@/server/testing/browser';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { nextAttempt } from '@/server/invoices/retries';
import { currentProject, readSettings } from './index';

let world: TestWorld;
let tenant: TestTenant;
let door: Door;
let account: string;
let api: Client;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
  account = await accountOf(world, tenant);
  door = openApi(world);
  const owner = await createUser(world, 'owner@example.com');
  await giveRole(world, tenant, owner, 'owner');
  const browser = newBrowser(door);
  await browser.signIn(owner.email);
  api = browser.api({ account });
});
afterAll(() => world.close());

async function refusalOf(call: Promise<unknown>): Promise<StripeError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  if (!(error instanceof TRPCClientError)) throw new Error('It was not refused.');
  return (error.data as { stripe: StripeError }).stripe;
}

const get = (path: string) => door(new Request(`http://127.0.0.1:3000${path}`));

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"></rect></svg>';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('what is set for a project', () => {
  it('is what the account shows to its keys, and can be unset', async () => {
    const set = await api.dashboard.projects.update.mutate({
      name: 'Tea shop',
      default_currency: 'EUR',
      statement_descriptor: 'TEA SHOP',
      support_email: 'help@tea.example',
      support_address: { line1: '1 High Street', city: 'Leeds', country: 'GB' },
      url: 'https://tea.example',
    });
    expect(set).toMatchObject({ name: 'Tea shop', default_currency: 'eur' });
    expect(await api.dashboard.projects.settings.query()).toEqual(set);
    const shown = await api.account.retrieveCurrent.query({});
    expectContract(shown);
    expect(shown).toMatchObject({
      business_profile: {
        name: 'Tea shop',
        support_address: { line1: '1 High Street', line2: null, city: 'Leeds' },
        support_email: 'help@tea.example',
        url: 'https://tea.example',
      },
      default_currency: 'eur',
      settings: { payments: { statement_descriptor: 'TEA SHOP' } },
    });
    await api.dashboard.projects.update.mutate({ support_email: '', support_address: null });
    const { business_profile } = await api.account.retrieveCurrent.query({});
    expect(business_profile).toMatchObject({
      support_address: null,
      support_email: null,
      url: 'https://tea.example',
    });
  });

  it.each([
    ['name', ' '],
    ['default_currency', 'xxx'],
    ['statement_descriptor', 'TEA'],
    ['statement_descriptor', '12345678'],
    ['statement_descriptor', 'TEA <SHOP>'],
    ['support_email', 'help'],
    ['support_url', 'javascript:alert(1)'],
    ['url', 'ftp://tea.example'],
  ])('refuses %s %s', async (param, value) => {
    const refused = await refusalOf(api.dashboard.projects.update.mutate({ [param]: value }));
    expect(refused).toMatchObject({ param, type: 'invalid_request_error' });
  });

  it('is entered in the audit log, by what changed', async () => {
    await api.dashboard.projects.update.mutate({ name: 'Coffee shop' });
    const { data } = await api.dashboard.audit.list.query({
      email: ' OWNER@example.com ',
      action: 'projects.update',
      limit: 1,
    });
    expect(data).toMatchObject([
      { before: { name: 'Tea shop' }, after: { name: 'Coffee shop' }, subject: account },
    ]);
    const id = data[0]?.id ?? '';
    expect(await api.dashboard.audit.retrieve.query({ id })).toEqual(data[0]);
    expect((await api.dashboard.audit.list.query({ email: 'nobody@example.com' })).data).toEqual(
      [],
    );
  });
});

describe('how a project bills', () => {
  it('is changed field by field, and what is not said stays', async () => {
    const { updateBilling } = api.dashboard.projects;
    await updateBilling.mutate({ retry_days: [1, 2], after_retries: 'unpaid' });
    await updateBilling.mutate({ draft_seconds: 0 });
    const { billing } = readSettings((await currentProject(tenant.scope)).settings);
    expect(billing).toEqual({
      after_retries: 'unpaid',
      days_until_due: 30,
      draft_seconds: 0,
      invoice_numbering: 'customer',
      retry_days: [1, 2],
      trial_will_end_days: 3,
      upcoming_days: 7,
    });
    const day = 86_400;
    expect([1, 2, 3].map((attempts) => nextAttempt(attempts, billing, 0))).toEqual([
      day,
      2 * day,
      null,
    ]);
  });

  it.each([
    ['retry_days[1]', { retry_days: [1, 0] }],
    ['retry_days', { retry_days: Array.from({ length: 13 }, () => 1) }],
    ['draft_seconds', { draft_seconds: 73 * 3600 }],
    ['days_until_due', { days_until_due: 366 }],
    ['upcoming_days', { upcoming_days: 1.5 }],
  ])('refuses a bad %s', async (param, changes) => {
    expect(await refusalOf(api.dashboard.projects.updateBilling.mutate(changes))).toMatchObject({
      param,
    });
  });

  it('keeps what two change at once', async () => {
    const { updateBilling, updateBranding, update } = api.dashboard.projects;
    await Promise.all([
      updateBilling.mutate({ upcoming_days: 14 }),
      updateBilling.mutate({ trial_will_end_days: 5 }),
      updateBranding.mutate({ primary_color: '#AA3311' }),
      update.mutate({ support_phone: '0113 496 0000' }),
    ]);
    expect(await api.dashboard.projects.settings.query()).toMatchObject({
      billing: { upcoming_days: 14, trial_will_end_days: 5 },
      branding: { primary_color: '#aa3311' },
      support_phone: '0113 496 0000',
    });
  });
});

describe('the brand', () => {
  it('has pictures that anybody may see, and that can do nothing', async () => {
    const { setBrandImage, removeBrandImage } = api.dashboard.projects;
    const { brand } = await setBrandImage.mutate({ kind: 'logo', content: base64(SVG) });
    const path = brand.logo ?? '';
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(SVG);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    const other = await world.project();
    const theirs = path.replace(`/${tenant.projectId}/`, `/${other.projectId}/`);
    for (const wrong of [theirs, path.slice(0, -1), `${path}0`, '/brand/0/img_x']) {
      expect((await get(wrong)).status).toBe(404);
    }

    const next = await setBrandImage.mutate({ kind: 'logo', content: base64(SVG) });
    expect(next.brand.logo).not.toBe(path);
    expect((await get(path)).status).toBe(404);
    expect((await removeBrandImage.mutate({ kind: 'logo' })).brand.logo).toBe(null);
    expect((await get(next.brand.logo ?? '')).status).toBe(404);
  });

  it('takes no picture that could do more than be seen', async () => {
    const content = base64(SVG.replace('<rect', '<script>alert(1)</script><rect'));
    const refused = await refusalOf(
      api.dashboard.projects.setBrandImage.mutate({ kind: 'icon', content }),
    );
    expect(refused).toMatchObject({ param: 'content', message: /<script>/ });
    expect((await api.dashboard.projects.settings.query()).brand.icon).toBe(null);
  });

  it('takes no colour that is more than a colour', async () => {
    const bad = { primary_color: 'red;}body{display:none' };
    expect(await refusalOf(api.dashboard.projects.updateBranding.mutate(bad))).toMatchObject({
      param: 'primary_color',
    });
  });

  it('is on the page where a cardholder answers a challenge', async () => {
    await api.dashboard.projects.updateBranding.mutate({ primary_color: '#aa3311' });
    const { brand } = await api.dashboard.projects.setBrandImage.mutate({
      kind: 'logo',
      content: base64(SVG),
    });
    const intent = await ask(tenant, payment_intents.operations.create, {
      amount: 1_999,
      currency: 'gbp',
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      return_url: 'https://shop.example/done',
    });
    const page = await get(new URL(intent.next_action?.redirect_to_url?.url ?? '').pathname);
    const text = await page.text();
    expect(text).toContain('Coffee shop');
    expect(text).toContain(`<img src="${brand.logo}" alt="" />`);
    expect(text).toContain('border-top: 4px solid #aa3311');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; base-uri 'none'; style-src 'sha256-[\w+/=]+'; img-src 'self'$/,
    );
  });
});
