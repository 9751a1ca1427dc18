import { z } from 'zod';
import { personName } from '@/server/members';
import { renamePerson } from '@/server/sessions';
import { forPerson } from './procedure';

export const profile = {
  update: forPerson('profile.update')
    .input(z.strictObject({ name: personName }))
    .mutation(async ({ ctx, input }) => {
      await ctx.visitor.people((people) => renamePerson(people, ctx.person, input.name));
      // The name is part of what a session is remembered with.
      await ctx.standingNow();
      return input;
    }),
};
