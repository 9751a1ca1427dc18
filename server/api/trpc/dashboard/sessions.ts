import { z } from 'zod';
import { changesOf } from '@/server/members';
import { endOtherSessions, endSession, listSessions, passSecondFactor } from '@/server/sessions';
import { forAnybody, forArrival, forPerson } from './procedure';
import { callsOf } from './roles';

const Id = z.strictObject({ id: z.string() });
const Code = z.strictObject({ code: z.string().max(100) });

export const sessions = {
  /** With what one can sign in besides a password. */
  providers: forAnybody('sessions.providers').query(({ ctx }) => {
    const { google, github } = ctx.server.runtime.signIn.providers;
    return { google: google !== undefined, github: github !== undefined };
  }),

  /** Who is signed in. Where a second factor is awaited, nothing else may be called yet. */
  current: forArrival('sessions.current').query(({ ctx }) => {
    const { user, email, name, awaitsSecondFactor, twoFactor, memberships } = ctx.person;
    return {
      user: { id: user, email, name, two_factor: twoFactor },
      awaits_second_factor: awaitsSecondFactor,
      projects: awaitsSecondFactor
        ? []
        : memberships.map(({ account, name: project, role }) => ({
            account,
            name: project,
            role,
            may: { changes: changesOf(role), calls: callsOf(role) },
          })),
    };
  }),

  passSecondFactor: forArrival('sessions.passSecondFactor')
    .input(Code)
    .mutation(async ({ ctx, input }) => {
      const { visitor, person } = ctx;
      await passSecondFactor(visitor, person, { ...input, device: person.device });
    }),

  list: forPerson('sessions.list').query(({ ctx }) =>
    ctx.visitor.people((people) => listSessions(people, ctx.person)),
  ),

  end: forPerson('sessions.end')
    .input(Id)
    .mutation(({ ctx, input }) =>
      ctx.visitor.people((people) => endSession(people, ctx.person, input.id)),
    ),

  /** Everywhere but here. */
  endOthers: forPerson('sessions.endOthers').mutation(async ({ ctx }) => ({
    ended: await ctx.visitor.people((people) => endOtherSessions(people, ctx.person)),
  })),
};
