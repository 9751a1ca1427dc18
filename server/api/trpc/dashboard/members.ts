import { z } from 'zod';
import {
  acceptInvitation,
  AcceptInvitation,
  changeRole,
  CreateInvitation,
  invite,
  joinByInvitation,
  JoinByInvitation,
  listInvitations,
  listMembers,
  readInvitation,
  removeMember,
  revokeInvitation,
  UpdateMember,
} from '@/server/members';
import { unix } from '@/server/kernel/object';
import { lastSeen } from '@/server/sessions';
import { forAnybody, forMember, forPerson } from './procedure';

const Id = z.strictObject({ id: z.string() });

export const members = {
  /** With when each was last here, at most some minutes out of date. */
  list: forMember('members.list').query(async ({ ctx }) => {
    const all = await listMembers(ctx.scope);
    const seen = await ctx.visitor.people((people) =>
      lastSeen(
        people,
        all.map(({ user }) => user),
      ),
    );
    return all.map((member) => {
      const at = seen.get(member.user);
      return { ...member, last_seen_at: at === undefined ? null : unix(at) };
    });
  }),

  update: forMember('members.update')
    .input(UpdateMember)
    .mutation(({ ctx, input }) => ctx.transaction((tx) => changeRole(tx, ctx.by, input))),

  remove: forMember('members.remove')
    .input(Id)
    .mutation(({ ctx, input }) => ctx.transaction((tx) => removeMember(tx, ctx.by, input.id))),

  /** Takes oneself out of the project. */
  leave: forMember('members.leave').mutation(({ ctx }) =>
    ctx.transaction((tx) => removeMember(tx, ctx.by, null)),
  ),

  invitations: forMember('members.invitations').query(({ ctx }) => listInvitations(ctx.scope)),

  /** `token` goes into the link `/invite/TOKEN`. It is in this answer and in no other. */
  invite: forMember('members.invite')
    .input(CreateInvitation)
    .mutation(({ ctx, input }) => ctx.transaction((tx) => invite(tx, ctx.by, input))),

  revokeInvitation: forMember('members.revokeInvitation')
    .input(Id)
    .mutation(({ ctx, input }) => ctx.transaction((tx) => revokeInvitation(tx, ctx.by, input.id))),

  /** What a link offers, to whoever opens it. */
  invitation: forAnybody('members.invitation')
    .input(AcceptInvitation)
    .query(({ ctx, input }) => ctx.visitor.people((people) => readInvitation(people, input.token))),

  accept: forPerson('members.accept')
    .input(AcceptInvitation)
    .mutation(({ ctx, input }) =>
      ctx.visitor.people((people) => acceptInvitation(people, ctx.person, input.token)),
    ),

  /** Accepts by making an account, with which one then signs in. */
  join: forAnybody('members.join')
    .input(JoinByInvitation)
    .mutation(({ ctx, input }) => joinByInvitation(ctx.visitor, input)),
};
