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
  'audit.retrieve': MANAGERS,
  'customers.list': EVERYBODY,
  'customers.search': EVERYBODY,
  'customers.worth': EVERYBODY,
  'home.attention': EVERYBODY,
  'home.checklist': EVERYBODY,
  'home.notices': EVERYBODY,
  'home.summary': EVERYBODY,
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
  'processorAccounts.list': EVERYBODY,
  'processorAccounts.retrieve': EVERYBODY,
  'processorAccounts.create': MANAGERS,
  'processorAccounts.update': MANAGERS,
  'processorAccounts.enable': MANAGERS,
  'processorAccounts.disable': MANAGERS,
  'projects.removeBrandImage': MANAGERS,
  'projects.setBrandImage': MANAGERS,
  'projects.settings': EVERYBODY,
  'projects.update': MANAGERS,
  'projects.updateBilling': MANAGERS,
  'projects.updateBranding': MANAGERS,
  'projects.updateLogs': MANAGERS,
  'processorAccounts.test': MANAGERS,
  'webhooks.deliveries': EVERYBODY,
  'webhooks.eventTypes': EVERYBODY,
  'webhooks.resendFailed': DEVELOPERS,
  'webhooks.revealSecret': DEVELOPERS,
  'webhooks.sendTestEvent': DEVELOPERS,
} as const satisfies Readonly<Record<string, readonly Role[]>>;

/** What people call who are signed in, whichever project they look at. */
export const PEOPLE_MAY = [
  'members.accept',
  'profile.update',
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

/** What a role may call of them: for the dashboard, which leaves out what would be refused. */
export const callsOf = (role: Role): string[] =>
  Object.entries<readonly Role[]>(MEMBERS_MAY)
    .filter(([, roles]) => roles.includes(role))
    .map(([name]) => name);
