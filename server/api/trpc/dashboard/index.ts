/** What only the dashboard does: `trpc.dashboard.members.list`. Each file is a noun. */
import { apiKeys } from './api_keys';
import { audit } from './audit';
import { customers } from './customers';
import { home } from './home';
import { logs } from './logs';
import { members } from './members';
import { payments } from './payments';
import { processorAccounts } from './processor_accounts';
import { profile } from './profile';
import { projects } from './projects';
import { security } from './security';
import { sessions } from './sessions';
import { webhooks } from './webhooks';

export const dashboard = {
  apiKeys,
  audit,
  customers,
  home,
  logs,
  members,
  payments,
  processorAccounts,
  profile,
  projects,
  security,
  sessions,
  webhooks,
};
