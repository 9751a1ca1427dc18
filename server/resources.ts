/**
 * TABLE 1. Everything that can be asked of the system, lowest domain first: a folder may import
 * only from those above it in this list. REST, tRPC, the OpenAPI document and the tests that range
 * over all endpoints read it.
 */
import { api_keys } from '@/server/api_keys';
import { balance, balance_transactions } from '@/server/balance_transactions';
import { charges } from '@/server/charges';
import { customer_balance_transactions } from '@/server/customer_balance_transactions';
import { customers } from '@/server/customers';
import { events } from '@/server/events';
import type { Expansions, Resource } from '@/server/kernel/resource';
import { payment_intents } from '@/server/payment_intents';
import { payment_methods } from '@/server/payment_methods';
import { prices, products } from '@/server/prices';
import { account } from '@/server/projects';
import { refunds } from '@/server/refunds';
import { tax_ids } from '@/server/tax_ids';
import { tokens } from '@/server/tokens';
import { webhook_deliveries } from '@/server/webhook_deliveries';
import { webhook_endpoints } from '@/server/webhook_endpoints';

export const resources = {
  account,
  api_keys,
  events,
  tokens,
  payment_methods,
  tax_ids,
  customers,
  customer_balance_transactions,
  products,
  prices,
  balance_transactions,
  balance,
  charges,
  refunds,
  payment_intents,
  webhook_endpoints,
  webhook_deliveries,
};

const all: readonly (readonly [name: string, face: Resource])[] = Object.entries(resources);

/** How `expand` gets what it was asked for: objects by the kind of their id, fields by their name. */
export const expansions: Expansions = {
  loaders: new Map(
    all.flatMap(([resource, { expands, load }]) =>
      expands === undefined || load === undefined ? [] : [[expands, { resource, load }] as const],
    ),
  ),
  includes: new Map(
    all.flatMap(([, { object, includes }]) =>
      includes === undefined ? [] : [[object, includes] as const],
    ),
  ),
};
