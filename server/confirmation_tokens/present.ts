/** Confirming with a token: what it carries counts as said, unless the request says it, too. */
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { unix } from '@/server/kernel/object';
import { lock, update, type ConfirmationTokenRow } from './store';

/** What of a confirmation a token may carry. */
interface Presenting {
  readonly confirmation_token?: string | undefined;
  readonly payment_method?: string | null | undefined;
  readonly payment_method_data?: unknown;
}

/**
 * The request with what its token carries, and the token, to be used up once it is known what for.
 *
 * @throws ApiError 400 for a token that does not exist, has expired, or was confirmed with before.
 */
export async function present<Input extends Presenting>(
  tx: Tx,
  input: Input,
): Promise<{ readonly input: Input; readonly token: ConfirmationTokenRow | null }> {
  const { confirmation_token: id } = input;
  if (id === undefined) return { input, token: null };
  const token = await lock(tx, id);
  if (token === null) throw resourceMissing('confirmation_token', id, 'confirmation_token');
  expectUsable(tx, token);
  const { payment_method, return_url, setup_future_usage, shipping } = token;
  const choosesItself = input.payment_method != null || input.payment_method_data !== undefined;
  const carried = {
    ...(choosesItself ? {} : { payment_method }),
    ...(return_url === null ? {} : { return_url }),
    ...(setup_future_usage === null ? {} : { setup_future_usage }),
    ...(shipping === null ? {} : { shipping }),
  };
  return { input: { ...carried, ...input }, token };
}

function expectUsable(tx: Tx, { id, expires_at, ...used }: ConfirmationTokenRow): void {
  const intent = used.payment_intent ?? used.setup_intent;
  if (intent !== null) {
    throw parameterInvalid(
      `The confirmation token ${id} was already used to confirm ${intent}. It can be used once.`,
      'confirmation_token',
    );
  }
  if (expires_at > unix(tx.now)) return;
  throw parameterInvalid(`The confirmation token ${id} has expired.`, 'confirmation_token');
}

/** From now on it is known what was confirmed with it. */
export function useToken(
  tx: Tx,
  token: ConfirmationTokenRow | null,
  on: { readonly payment_intent: string } | { readonly setup_intent: string },
): void {
  if (token !== null) update(tx, token, on);
}
