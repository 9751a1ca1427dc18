/**
 * What a member may do with the operations of the API. A table, asked for every call; what the
 * dashboard does besides has its own, in `server/api/trpc/dashboard/roles.ts`.
 */
import { ROLES } from '@/db/schema/members';
import type { Right } from '@/server/kernel/context';

export { ROLES };
export type Role = (typeof ROLES)[number];

/** By resource: every change, or those that are named. */
export type Changes = Readonly<Record<string, 'all' | readonly string[]>>;

/** TABLE. Everybody reads everything; this is what they may change. */
const CHANGES: Readonly<Record<Role, 'everything' | Changes>> = {
  owner: 'everything',
  admin: 'everything',
  developer: 'everything',
  support: {
    credit_notes: ['create', 'update', 'preview', 'previewLines'],
    customers: 'all',
    customer_balance_transactions: 'all',
    disputes: ['update'],
    invoice_previews: 'all',
    invoices: ['finalize', 'pay', 'send', 'update', 'void', 'markUncollectible'],
    payment_intents: ['cancel', 'capture', 'update'],
    refunds: 'all',
    subscriptions: ['cancel', 'resume', 'update'],
    tax_ids: 'all',
  },
  viewer: {},
};

/** For the dashboard, which leaves out what would be refused. */
export const changesOf = (role: Role): 'everything' | Changes => CHANGES[role];

/** @param operation null asks about the operations that only read. */
export function mayCall(role: Role, resource: string, operation: string | null): boolean {
  const changes = CHANGES[role];
  if (operation === null || changes === 'everything') return true;
  const allowed = changes[resource];
  return allowed === 'all' || allowed?.includes(operation) === true;
}

/** The same by resource, as a restricted key has it; null is everything. */
export function rightsOf(
  role: Role,
  resources: readonly string[],
): Readonly<Record<string, Right>> | null {
  const changes = CHANGES[role];
  if (changes === 'everything') return null;
  return Object.fromEntries(resources.map((name) => [name, name in changes ? 'write' : 'read']));
}

/** Whether `role` may give and take away `other`: nobody makes somebody more than they are. */
export const mayGrant = (role: Role, other: Role): boolean =>
  role === 'owner' || (role === 'admin' && other !== 'owner');
