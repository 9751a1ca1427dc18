/**
 * TABLE: who may call what only the dashboard does. A procedure that is not here cannot be made, and
 * what a role is not named for is refused with 403.
 */
import { ROLES, type Role } from '@/server/members';

const EVERYBODY = ROLES;
/** Who may change everything that the API can. */
const DEVELOPERS = ['owner', 'admin', 'developer'] as const satisfies readonly Role[];
const MANAGERS = ['owner', 'admin'] as const satisfies readonly Role[];

/** What members call, in the project and the mode of the page. */
export const MEMBERS_MAY = {
  'apiKeys.resources': EVERYBODY,
  'audit.list': MANAGERS,
  'logs.list': EVERYBODY,
  'logs.retrieve': EVERYBODY,
  'members.list': EVERYBODY,
  'members.invitations': MANAGERS,
  'members.invite': MANAGERS,
  'members.revokeInvitation': MANAGERS,
  'members.update': MANAGERS,
  'members.remove': MANAGERS,
  'members.leave': EVERYBODY,
  'payments.attempts': EVERYBODY,
  'projects.rename': MANAGERS,
  'webhooks.deliveries': EVERYBODY,
  'webhooks.eventTypes': EVERYBODY,
  'webhooks.resendFailed': DEVELOPERS,
  'webhooks.revealSecret': DEVELOPERS,
  'webhooks.sendTestEvent': DEVELOPERS,
} as const satisfies Readonly<Record<string, readonly Role[]>>;

/** What people call who are signed in, whichever project they look at. */
export const PEOPLE_MAY = [
  'members.accept',
  'projects.create',
  'projects.list',
  'security.retrieve',
  'security.beginTotp',
  'security.confirmTotp',
  'security.disableTotp',
  'security.renewRecoveryCodes',
  'security.changePassword',
  'sessions.list',
  'sessions.end',
  'sessions.endOthers',
] as const;

/** What somebody may call whose second factor is still to come. */
export const ARRIVALS_MAY = ['sessions.current', 'sessions.passSecondFactor'] as const;

/** What anybody may call: whoever holds an invitation may have no account yet. */
export const ANYBODY_MAY = ['members.invitation', 'members.join', 'sessions.providers'] as const;
