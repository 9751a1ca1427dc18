/** Whether an account's credentials are right, as the gateway says. */
import type { Ctx } from '@/server/kernel/context';
import { checkCredentials, type Check } from '@/server/processor/cardstream/check';
import { requireAccount } from './accounts';
import { openCredentials } from './credentials';

/** Asks the gateway what moves nothing, with no transaction open meanwhile. */
export async function testAccount(
  { transaction, keyring }: Pick<Ctx, 'keyring' | 'transaction'>,
  id: string,
): Promise<Check> {
  const credentials = await transaction(async (tx) =>
    openCredentials(keyring, await requireAccount(tx, id)),
  );
  return checkCredentials(credentials);
}
