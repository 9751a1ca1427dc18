import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { scopeOf } from '@/server/context';
import { account } from '@/server/projects';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const { retrieve, retrieveCurrent } = account.operations;

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

describe('GET /v1/account', () => {
  it('answers the account of the key', async () => {
    const shown = await retrieveCurrent.run(tenant.scope, {});
    expectContract(shown);
    expect(shown).toMatchObject({
      object: 'account',
      business_profile: { name: 'Test' },
      charges_enabled: true,
      country: 'GB',
      default_currency: 'gbp',
      payouts_enabled: true,
      settings: { dashboard: { display_name: 'Test', timezone: 'Etc/UTC' } },
    });
    expect(shown.id).toMatch(/^acct_/);
  });

  it('shows what is set, and nothing else that is kept there', async () => {
    const settings = {
      branding: { primary_color: '#112233' },
      statement_descriptor: 'TEA SHOP',
      dunning: { attempts: 4 },
    };
    await world.admin.unsafe('update projects set settings = $1::text::jsonb where id = $2', [
      JSON.stringify(settings),
      tenant.projectId,
    ]);
    const shown = await retrieveCurrent.run(tenant.scope, {});
    expectContract(shown);
    expect(shown.settings).toMatchObject({
      branding: { icon: null, primary_color: '#112233' },
      payments: { statement_descriptor: 'TEA SHOP' },
    });
    expect(shown.settings).not.toHaveProperty('dunning');
  });

  it('says that charges are not enabled in a mode without a processor', async () => {
    const live = scopeOf(world.runtime, { projectId: tenant.projectId, livemode: true });
    const shown = await retrieveCurrent.run(live, {});
    expectContract(shown);
    expect(shown).toMatchObject({
      charges_enabled: false,
      capabilities: { card_payments: 'inactive' },
    });
  });
});

describe('GET /v1/accounts/:id', () => {
  it('answers for its own id', async () => {
    const shown = await retrieveCurrent.run(tenant.scope, {});
    expect(await retrieve.run(tenant.scope, { id: shown.id })).toEqual(shown);
  });

  it('refuses any other with 403, whether it exists or not', async () => {
    const stranger = await world.project();
    const { id } = await retrieveCurrent.run(stranger.scope, {});
    for (const other of [id, 'acct_none']) {
      await expect(retrieve.run(tenant.scope, { id: other })).rejects.toMatchObject({
        status: 403,
        message: `The provided key does not have access to account '${other}' (or that account does not exist). Application access may have been revoked.`,
        details: { code: 'account_invalid' },
      });
    }
  });
});
