import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { ctxOf } from '@/server/context';
import { hosted_tokens } from '@/server/hosted_cards';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { redeem, tokens } from '.';

const { create } = hosted_tokens.operations;
const { retrieve } = tokens.operations;

let world: TestWorld;
let tenant: TestTenant;
beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

const visa = { number: '4242424242424242', exp_month: 8, exp_year: 2030, cvc: '123' };

type Card = Parameters<typeof ask<typeof create>>[2]['card'];

const created = (card: Card = visa) => ask(tenant, create, { card });

const redeemed = (id: string, of = tenant) =>
  of.ctx.transaction((tx) => redeem(tx, id, 'card[token]'));

describe('POST /v1/tokens', () => {
  it('creates a token whose card is spelled as in the older card object', async () => {
    const token = await created({ ...visa, name: 'Jenny Rosen', address_zip: 'SW1A 1AA' });
    expectContract(token);
    expect(token).toMatchObject({ object: 'token', type: 'card', used: false, client_ip: null });
    expect(token.card).toMatchObject({
      id: token.id.replace('tok_', 'card_'),
      object: 'card',
      brand: 'Visa',
      last4: '4242',
      name: 'Jenny Rosen',
      address_zip: 'SW1A 1AA',
      address_city: null,
      cvc_check: 'unchecked',
    });
  });

  it('keeps the address of the browser it came from', async () => {
    const request = { id: 'req_1', idempotency_key: null, ip: '192.0.2.7' };
    const ctx = ctxOf(world.runtime, { ...tenant.scope, publishable: true, request });
    const token = await ask({ ...tenant, ctx }, create, { card: visa });
    expect(token.client_ip).toBe('192.0.2.7');
  });

  it('may be called from a browser', () => {
    expect(create.publishable).toBe(true);
  });

  it('takes the date as text too, as the SDK types it', async () => {
    const token = await created({ ...visa, exp_month: '08', exp_year: '2030' });
    expect(token.card).toMatchObject({ exp_month: 8, exp_year: 2030 });
  });

  it('stores neither number nor CVC anywhere', async () => {
    await created({ ...visa, number: '5555555555554444', cvc: '987' });
    const tables = await world.admin<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public'`;
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const found = await world.admin`
        select t::text as row from ${world.admin(name)} t
        where t::text like '%5555555555554444%' or t::text like '%"987"%'`;
      expect(found, name).toEqual([]);
    }
  });

  it('refuses any number in live mode, and stores nothing', async () => {
    const ctx = ctxOf(world.runtime, { projectId: tenant.projectId, livemode: true });
    await expect(ask({ ...tenant, ctx }, create, { card: visa })).rejects.toMatchObject({
      status: 400,
      details: { param: 'card[number]' },
    });
    const rows = await world.admin`select id from tokens where livemode`;
    expect(rows).toEqual([]);
  });
});

describe('GET /v1/tokens/:id', () => {
  it('retrieves a token', async () => {
    const token = await created();
    expect(await retrieve.run(tenant.scope, { id: token.id })).toEqual(token);
    expect(await tokens.load?.(tenant.scope, [token.id])).toEqual([token]);
  });

  it('does not know an id that is not there, nor that of another project', async () => {
    const token = await created();
    const other = await world.project();
    const missing = { status: 404, details: { code: 'resource_missing' } };
    await expect(retrieve.run(tenant.scope, { id: 'tok_none' })).rejects.toMatchObject(missing);
    await expect(retrieve.run(other.scope, { id: token.id })).rejects.toMatchObject(missing);
  });
});

describe('redeem', () => {
  it('uses a token up', async () => {
    const { id } = await created({ ...visa, name: 'Jenny Rosen' });
    expect(await redeemed(id)).toMatchObject({
      card: { last4: '4242' },
      billing_details: { name: 'Jenny Rosen' },
    });
    expect(await retrieve.run(tenant.scope, { id })).toMatchObject({ used: true });
    await expect(redeemed(id)).rejects.toMatchObject({
      status: 400,
      details: { code: 'token_already_used', param: 'card[token]' },
    });
  });

  it('gives a token to one of many who want it at once', async () => {
    const { id } = await created();
    const results = await Promise.allSettled(Array.from({ length: 16 }, () => redeemed(id)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('never uses up a test token', async () => {
    expect((await redeemed('tok_visa')).card.last4).toBe('4242');
    expect((await redeemed('tok_visa')).card.last4).toBe('4242');
  });

  it('does not know the token of another project', async () => {
    const { id } = await created();
    await expect(redeemed(id, await world.project())).rejects.toMatchObject({
      status: 400,
      message: `No such token: '${id}'`,
      details: { code: 'resource_missing', param: 'card[token]' },
    });
  });
});
