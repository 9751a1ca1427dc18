/**
 * The credentials by which a project's processor is asked, in each mode. Whoever may change them is
 * the dashboard's to say. New cards are taken by the newest account that is active; whatever an
 * account has started (a payment, a saved card) goes on with that account, whichever is new now.
 */
import { record } from '@/server/audit_log';
import type { Actor, Scope, Tx } from '@/server/kernel/context';
import { invalidState, resourceMissing } from '@/server/kernel/errors';
import { newId, randomBase62 } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { seal } from './credentials';
import { move, type Action } from './lifecycle';
import { toProcessorAccount, type ProcessorAccount } from './object';
import type { CreateProcessorAccount, UpdateProcessorAccount } from './params';
import * as store from './store';
import type { ProcessorAccountRow } from './store';

/** 190 bits: whoever has the address may only show messages that the account's secret signed. */
const CALLBACK_TOKEN_LENGTH = 32;

/** The newest first. */
export async function listAccounts(scope: Scope): Promise<ProcessorAccount[]> {
  const rows = await store.all(scope);
  const current = rows.find(({ status }) => status === 'active')?.id ?? null;
  return rows.map((row) => toProcessorAccount(row, current));
}

export const retrieveAccount = async (scope: Scope, id: string): Promise<ProcessorAccount> =>
  shown(scope, await requireAccount(scope, id));

/** From now on new cards are taken by it. */
export function createAccount(
  tx: Tx,
  actor: Actor,
  { secret, password, ...given }: CreateProcessorAccount,
): ProcessorAccount {
  const owner = {
    projectId: tx.projectId,
    livemode: tx.livemode,
    id: newId('processor_account'),
  };
  const row = store.insert(tx, {
    ...given,
    id: owner.id,
    status: 'active',
    secret: seal(tx.keyring, owner, 'secret', secret),
    password: password === null ? null : seal(tx.keyring, owner, 'password', password),
    callback_token: randomBase62(CALLBACK_TOKEN_LENGTH),
    revision: 1,
    created: unix(tx.now),
  });
  const account = toProcessorAccount(row, row.id);
  audit(tx, actor, 'create', null, account);
  return account;
}

/** A new secret counts from the next request on, also for what the account started before. */
export async function updateAccount(
  tx: Tx,
  actor: Actor,
  { id, secret, password, ...changes }: UpdateProcessorAccount,
): Promise<ProcessorAccount> {
  const before = await lockAccount(tx, id);
  const sealed = (column: 'secret' | 'password', plain: string): string =>
    seal(tx.keyring, before, column, plain);
  const row = store.update(tx, before, {
    ...changes,
    ...(secret === undefined ? {} : { secret: sealed('secret', secret) }),
    ...(password === undefined
      ? {}
      : { password: password === null ? null : sealed('password', password) }),
    revision: before.revision + 1,
  });
  const [was, is] = [await shown(tx, before), await shown(tx, row)];
  audit(tx, actor, 'update', was, {
    ...is,
    ...(secret === undefined ? {} : { is_new_secret: true }),
  });
  return is;
}

/** A disabled account starts nothing new; what it has started is captured, refunded and settled. */
export async function switchAccount(
  tx: Tx,
  actor: Actor,
  id: string,
  action: Action,
): Promise<ProcessorAccount> {
  const before = await lockAccount(tx, id);
  const was = await shown(tx, before);
  const is = await shown(tx, move(tx, before, action));
  audit(tx, actor, action, was, is);
  return is;
}

/**
 * Says whether a payment may be started with a card that this account keeps.
 *
 * @throws ApiError 400 `processor_account_disabled`.
 */
export async function expectActive(scope: Scope, id: string | null): Promise<void> {
  if (id === null) return;
  const row = await store.findForeseen(scope, id);
  if (row?.status === 'active') return;
  throw invalidState(
    'The processor account that this card is kept with is disabled, so no payment can be started with it. Enable it in the dashboard, or ask the customer for a card anew.',
    'processor_account_disabled',
    'payment_method',
  );
}

/** @param param names it in errors. @throws ApiError `resource_missing`. */
export async function requireAccount(
  scope: Scope,
  id: string,
  param = 'id',
): Promise<ProcessorAccountRow> {
  const row = await store.find(scope, id);
  if (row === null) throw resourceMissing('processor_account', id, param);
  return row;
}

/** As `requireAccount`, for nobody else to change, or to lock, meanwhile. */
export async function lockAccount(tx: Tx, id: string, param = 'id'): Promise<ProcessorAccountRow> {
  const row = await store.lock(tx, id);
  if (row === null) throw resourceMissing('processor_account', id, param);
  return row;
}

const shown = async (scope: Scope, row: ProcessorAccountRow): Promise<ProcessorAccount> =>
  toProcessorAccount(row, (await store.findCurrent(scope))?.id ?? null);

const audit = (
  tx: Tx,
  actor: Actor,
  verb: string,
  before: ProcessorAccount | null,
  after: ProcessorAccount,
): void =>
  record(
    tx,
    { actor, now: tx.now, request: tx.request },
    {
      action: `processor_accounts.${verb}`,
      object: after.id,
      mode: tx.livemode ? 'live' : 'test',
      before,
      after,
    },
  );
