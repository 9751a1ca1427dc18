import { z } from 'zod';
import { foundProject, projectName } from '@/server/members';
import { renameProject } from '@/server/projects';
import { forMember, forPerson } from './procedure';

const Name = z.strictObject({ name: projectName });

export const projects = {
  /** Those that the person is a member of, with their role there. */
  list: forPerson('projects.list').query(({ ctx }) =>
    ctx.person.memberships.map(({ account, name, role }) => ({ account, name, role })),
  ),

  /** The keys are in this answer and in no other. */
  create: forPerson('projects.create')
    .input(Name)
    .mutation(async ({ ctx, input }) => {
      const made = await ctx.visitor.people((people) =>
        foundProject(people, ctx.person, input.name),
      );
      await ctx.standingNow();
      return made;
    }),

  rename: forMember('projects.rename')
    .input(Name)
    .mutation(async ({ ctx, input }) => {
      const renamed = await ctx.transaction((tx) => renameProject(tx, ctx.by.actor, input.name));
      await ctx.standingNow();
      return renamed;
    }),
};
