/** What an intent refuses because of its status, in Stripe's words and with the intent inside. */
import type { Scope } from '@/server/kernel/context';
import { unexpectedState, type ApiError } from '@/server/kernel/errors';
import { setupIntent, type Action } from './lifecycle';
import { shown } from './object';
import type { SetupIntentRow, Status } from './store';

const STATUSES = Object.keys(setupIntent.table) as Status[];

/** The statuses in which the action is allowed, as Stripe lists them. */
const allowing = (action: Action): string =>
  STATUSES.filter((status) => setupIntent.allows(status, action)).join(', ');

type Asker = Pick<Scope, 'publishable'>;

export const refuse = (asker: Asker, intent: SetupIntentRow, message: string): ApiError =>
  unexpectedState('setup_intent', message, shown(asker, intent));

export function assertConfirmable(asker: Asker, intent: SetupIntentRow): void {
  if (setupIntent.allows(intent.status, 'submit')) return;
  throw refuse(
    asker,
    intent,
    intent.status === 'succeeded'
      ? 'You cannot confirm this SetupIntent because it has already succeeded.'
      : `You cannot confirm this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be confirmed: ${allowing('submit')}.`,
  );
}

export function assertCancelable(asker: Asker, intent: SetupIntentRow): void {
  if (setupIntent.allows(intent.status, 'cancel')) return;
  throw refuse(
    asker,
    intent,
    `You cannot cancel this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be canceled: ${allowing('cancel')}.`,
  );
}

/** Which card is saved, and for whom, can be changed only before it is saved; notes always. */
export function assertChangeable(asker: Asker, intent: SetupIntentRow, param: string): void {
  if (setupIntent.allows(intent.status, 'submit')) return;
  throw refuse(
    asker,
    intent,
    `This SetupIntent's ${param} could not be updated because it has a status of ${intent.status}. You may only update the ${param} of a SetupIntent with one of the following statuses: ${allowing('submit')}.`,
  );
}
