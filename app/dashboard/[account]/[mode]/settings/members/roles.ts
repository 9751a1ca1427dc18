import type { Outputs } from '@/components/api/queries';

export type Member = Outputs['dashboard']['members']['list'][number];
export type Role = Member['role'];

/** TABLE: what the roles are called, and what they may, from the most to the least. */
export const ROLES = [
  { value: 'owner', label: 'Owner', note: 'Everything, and who else is an owner.' },
  { value: 'admin', label: 'Admin', note: 'Everything but the owners.' },
  {
    value: 'developer',
    label: 'Developer',
    note: 'All of the API, keys and webhooks; no settings.',
  },
  { value: 'support', label: 'Support', note: 'Customers, refunds, and help with their bills.' },
  { value: 'viewer', label: 'Viewer', note: 'Sees what there is, and changes nothing.' },
] as const satisfies readonly { value: Role; label: string; note: string }[];

export const roleName = (role: Role): string =>
  ROLES.find(({ value }) => value === role)?.label ?? role;

/** Those that somebody may give and take: nobody makes somebody more than they are. */
export const rolesGivenBy = (own: Role | undefined) =>
  own === 'owner' ? ROLES : ROLES.filter(({ value }) => value !== 'owner');
