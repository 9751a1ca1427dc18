import { unix } from '@/server/kernel/object';
import type { InvitationRow, MemberRow, PersonRow } from './store';

export interface Member {
  readonly id: string;
  readonly object: 'member';
  /** Unix seconds. */
  readonly created: number;
  readonly email: string;
  readonly last_login_at: number | null;
  readonly name: string | null;
  readonly role: MemberRow['role'];
  /** Whether signing in takes a second factor. */
  readonly two_factor: boolean;
  readonly user: string;
}

export const toMember = (row: MemberRow, person: PersonRow): Member => ({
  id: row.id,
  object: 'member',
  created: row.created,
  email: person.email,
  last_login_at: person.last_login_at === null ? null : unix(person.last_login_at),
  name: person.name,
  role: row.role,
  two_factor: person.totp_enabled_at !== null,
  user: row.user,
});

export interface Invitation {
  readonly id: string;
  readonly object: 'invitation';
  /** Unix seconds. */
  readonly created: number;
  readonly email: string;
  readonly expires_at: number;
  readonly role: MemberRow['role'];
  readonly status: 'pending' | 'accepted' | 'revoked' | 'expired';
}

export const toInvitation = (row: InvitationRow, now: Date): Invitation => ({
  id: row.id,
  object: 'invitation',
  created: row.created,
  email: row.email,
  expires_at: unix(row.expires_at),
  role: row.role,
  status: row.status === 'pending' && row.expires_at <= now ? 'expired' : row.status,
});
