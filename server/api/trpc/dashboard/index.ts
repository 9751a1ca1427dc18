/** What only the dashboard does: `trpc.dashboard.members.list`. Each file is a noun. */
import { apiKeys } from './api_keys';
import { audit } from './audit';
import { logs } from './logs';
import { members } from './members';
import { payments } from './payments';
import { projects } from './projects';
import { security } from './security';
import { sessions } from './sessions';
import { webhooks } from './webhooks';

export const dashboard = {
  apiKeys,
  audit,
  logs,
  members,
  payments,
  projects,
  security,
  sessions,
  webhooks,
};
