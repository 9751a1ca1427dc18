/**
 * Who is a member, and which link still makes somebody one. Both statuses end for good, except that
 * whoever left can be invited again.
 */
import type { Writer } from '@/db/scope';
import type { Tenant } from '@/db/scope';
import { update, updateInvitation, type InvitationRow, type MemberRow } from './store';

/** active ⇄ removed. */
export const setMember = (
  tx: Writer & Tenant,
  row: MemberRow,
  status: MemberRow['status'],
  role: MemberRow['role'] = row.role,
): MemberRow => update(tx, row, { status, role });

/** pending → accepted | revoked. */
export const closeInvitation = <R extends Pick<InvitationRow, 'id'>>(
  tx: Writer & Tenant,
  row: R,
  status: 'accepted' | 'revoked',
): R => updateInvitation(tx, row as R & InvitationRow, { status });
