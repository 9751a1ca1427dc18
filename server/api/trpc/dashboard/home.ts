import { z } from 'zod';
import { attentionOf, checklistOf, noticesOf, summarize } from '@/server/reports';
import { forMember } from './procedure';

export const home = {
  /** The figures of a range: `today`, `7d`, `4w`, `3m`, `12m`, or two days as `2026-11-01..2026-11-15`. */
  summary: forMember('home.summary')
    .input(z.strictObject({ range: z.string() }))
    .query(({ ctx, input }) => summarize(ctx.scope, input.range)),

  /** How far a new project has come. */
  checklist: forMember('home.checklist').query(({ ctx }) =>
    checklistOf(ctx.scope, ctx.scopeIn('live'), ctx.by.actor),
  ),

  /** What waits for somebody: disputes, retries, renewals that failed, differences. */
  attention: forMember('home.attention').query(({ ctx }) => attentionOf(ctx.scope)),

  notices: forMember('home.notices').query(({ ctx }) => noticesOf(ctx.scope)),
};
