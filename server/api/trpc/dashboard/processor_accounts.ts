import {
  createAccount,
  CreateProcessorAccount,
  listAccounts,
  ProcessorAccountId,
  retrieveAccount,
  switchAccount,
  testAccount,
  updateAccount,
  UpdateProcessorAccount,
} from '@/server/processor_accounts';
import { forMember } from './procedure';

/**
 * The credentials of card processors, in the project and the mode of the page. Secrets go in and
 * never come out: `has_password` is all that is told of one.
 */
export const processorAccounts = {
  /** The newest first; `is_current` is the one that takes new cards. */
  list: forMember('processorAccounts.list').query(({ ctx }) => listAccounts(ctx.scope)),

  retrieve: forMember('processorAccounts.retrieve')
    .input(ProcessorAccountId)
    .query(({ ctx, input }) => retrieveAccount(ctx.scope, input.id)),

  /** Another merchant ID or another gateway: from now on it takes new cards. */
  create: forMember('processorAccounts.create')
    .input(CreateProcessorAccount)
    .mutation(({ ctx, input }) =>
      ctx.transaction(async (tx) => createAccount(tx, ctx.by.actor, input)),
    ),

  /** A new secret, or other settings, of the same merchant at the same gateway. */
  update: forMember('processorAccounts.update')
    .input(UpdateProcessorAccount)
    .mutation(({ ctx, input }) => ctx.transaction((tx) => updateAccount(tx, ctx.by.actor, input))),

  enable: forMember('processorAccounts.enable')
    .input(ProcessorAccountId)
    .mutation(({ ctx, input }) =>
      ctx.transaction((tx) => switchAccount(tx, ctx.by.actor, input.id, 'enable')),
    ),

  disable: forMember('processorAccounts.disable')
    .input(ProcessorAccountId)
    .mutation(({ ctx, input }) =>
      ctx.transaction((tx) => switchAccount(tx, ctx.by.actor, input.id, 'disable')),
    ),

  /**
   * Asks the gateway something that moves nothing: whether it can be reached, and takes the stored
   * credentials. `{ result: 'accepted' | 'refused' | 'unreachable', message }`.
   */
  test: forMember('processorAccounts.test')
    .input(ProcessorAccountId)
    .mutation(({ ctx, input }) =>
      testAccount({ transaction: ctx.transaction, keyring: ctx.scope.keyring }, input.id),
    ),
};
