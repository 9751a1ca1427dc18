import { z } from 'zod';
import { foundProject } from '@/server/members';
import {
  brandImageKind,
  projectName,
  readProjectSettings,
  removeBrandImage,
  setBrandImage,
  UpdateBilling,
  updateBilling,
  UpdateBranding,
  updateBranding,
  UpdateLogs,
  updateLogs,
  UpdateProject,
  updateProject,
} from '@/server/projects';
import { forMember, forPerson } from './procedure';

const Name = z.strictObject({ name: projectName });
const Kind = z.strictObject({ kind: brandImageKind });

/** A little above what a picture may have, in base64: what is larger is not even decoded. */
const CONTENT_MAX = 800_000;

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

  /** What is set for the project of the page, in both modes. */
  settings: forMember('projects.settings').query(({ ctx }) => readProjectSettings(ctx.scope)),

  update: forMember('projects.update')
    .input(UpdateProject)
    .mutation(async ({ ctx, input }) => {
      const updated = await ctx.transaction((tx) => updateProject(tx, ctx.by.actor, input));
      // The name is part of what a session is remembered with.
      await ctx.standingNow();
      return updated;
    }),

  updateBilling: forMember('projects.updateBilling')
    .input(UpdateBilling)
    .mutation(({ ctx, input }) => ctx.transaction((tx) => updateBilling(tx, ctx.by.actor, input))),

  updateLogs: forMember('projects.updateLogs')
    .input(UpdateLogs)
    .mutation(({ ctx, input }) => ctx.transaction((tx) => updateLogs(tx, ctx.by.actor, input))),

  updateBranding: forMember('projects.updateBranding')
    .input(UpdateBranding)
    .mutation(({ ctx, input }) => ctx.transaction((tx) => updateBranding(tx, ctx.by.actor, input))),

  /** `content` is the file in base64. */
  setBrandImage: forMember('projects.setBrandImage')
    .input(Kind.extend({ content: z.base64().max(CONTENT_MAX, 'A picture has at most 512 KB.') }))
    .mutation(({ ctx, input: { kind, content } }) =>
      ctx.transaction((tx) =>
        setBrandImage(tx, ctx.by.actor, { kind, content: Buffer.from(content, 'base64') }),
      ),
    ),

  removeBrandImage: forMember('projects.removeBrandImage')
    .input(Kind)
    .mutation(({ ctx, input }) =>
      ctx.transaction((tx) => removeBrandImage(tx, ctx.by.actor, input.kind)),
    ),
};
