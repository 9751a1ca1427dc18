/** The steps of a new project, ticked by what is there: nobody says that a step is done. */
import type { Actor, Scope } from '@/server/kernel/context';
import { listMembers } from '@/server/members';
import { findCurrentAccount } from '@/server/processor_accounts';
import { stepsDone } from './store';

export interface Checklist {
  /** A key of this mode was used. */
  readonly call: boolean;
  readonly customer: boolean;
  /** One succeeded. */
  readonly payment: boolean;
  /** One began. */
  readonly subscription: boolean;
  /** There is an endpoint, and one took an event. */
  readonly webhook: boolean;
  /** Something takes cards in live mode, whichever mode is looked at. */
  readonly processor: boolean;
  /** Of the person who asks. */
  readonly second_factor: boolean;
}

/** @param live the same project, in live mode. */
export async function checklistOf(scope: Scope, live: Scope, { user }: Actor): Promise<Checklist> {
  const [{ endpoint, delivery, ...done }, members, account] = await Promise.all([
    stepsDone(scope),
    listMembers(scope),
    findCurrentAccount(live),
  ]);
  const me = members.find((member) => member.user === user);
  return {
    ...done,
    webhook: endpoint && delivery,
    processor: account !== null,
    second_factor: me?.two_factor ?? false,
  };
}
