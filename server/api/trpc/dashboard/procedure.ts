/**
 * How a procedure of the dashboard is made: by its name in the table of roles, which decides who may
 * call it and what it is given.
 *
 *     list: forMember('members.list').query(({ ctx }) => listMembers(ctx.scope)),
 *     remove: forMember('members.remove').input(Id).mutation(({ ctx, input }) =>
 *       ctx.transaction((tx) => removeMember(tx, ctx.by, input.id))),
 */
import type { Role } from '@/server/members';
import { ctxFor, scopeFor } from '@/server/api/visit';
import type { Ctx } from '@/server/kernel/context';
import { requestInvalid, roleForbids, secondFactorRequired } from '@/server/kernel/errors';
import { answering } from '@/server/api/trpc/base';
import { MEMBERS_MAY, type ANYBODY_MAY, type ARRIVALS_MAY, type PEOPLE_MAY } from './roles';

type Name<Names extends readonly string[]> = Names[number];

/** `ctx.visitor` is whoever calls. */
export const forAnybody = (_name: Name<typeof ANYBODY_MAY>) => answering;

/** `ctx.person` is whoever is signed in, or about to be. */
export const forArrival = (_name: Name<typeof ARRIVALS_MAY>) =>
  answering.use(async ({ ctx, next }) => {
    const standing = await ctx.standing();
    return next({ ctx: { person: { ...standing, device: ctx.deviceOf(standing.email) } } });
  });

/** `ctx.person` is signed in: at this moment, since a session that was ended must not end others. */
export const forPerson = (_name: Name<typeof PEOPLE_MAY>) =>
  answering.use(async ({ ctx, next }) => {
    const standing = await ctx.standingNow();
    if (standing.awaitsSecondFactor) throw secondFactorRequired();
    return next({ ctx: { person: { ...standing, device: ctx.deviceOf(standing.email) } } });
  });

/** `ctx.scope` reads and `ctx.transaction` writes, in the page's project and mode, for `ctx.by`. */
export const forMember = (name: keyof typeof MEMBERS_MAY) =>
  answering.use(async ({ ctx, next }) => {
    const holder = await ctx.holder();
    const { member } = holder;
    if (member === undefined) {
      throw requestInvalid('This is for the dashboard: an API key cannot call it.');
    }
    const allowed: readonly Role[] = MEMBERS_MAY[name];
    if (!allowed.includes(member.role)) throw roleForbids(member.role, name);
    const { now, request } = ctx.visitor;
    const { runtime } = ctx.server;
    const asking = { holder, now, request };
    const transaction: Ctx['transaction'] = (work) => ctxFor(runtime, asking).transaction(work);
    return next({
      ctx: {
        by: { actor: member, role: member.role },
        scope: scopeFor(runtime, asking),
        /** Of what a page tells of the other mode. */
        scopeIn: (mode: 'test' | 'live') =>
          scopeFor(runtime, { ...asking, holder: { ...holder, livemode: mode === 'live' } }),
        transaction,
      },
    });
  });
