/**
 * What a processor says that it settled, held against our books line by line. Ours: Stripe settles
 * with itself.
 */
import { lockAccount } from '@/server/processor_accounts';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { sha256 } from '@/server/kernel/secrets';
import { NotCsv } from './csv';
import { importLines } from './import';
import { toSettlementFile } from './object';
import { CreateSettlementFile, ListSettlementFiles, SettlementFileId } from './params';
import * as store from './store';

/** The same file again answers what the first import made of it: nothing is counted twice. */
export const create = command({
  route: 'POST /v1/settlement_files',
  summary: "Imports a processor's settlement file, and lists where it differs from our books.",
  input: CreateSettlementFile,
  async run(tx, { processor_account, content, name }) {
    // One after the other: no two files say at once what of ours is settled.
    await lockAccount(tx, processor_account, 'processor_account');
    const digest = sha256(content);
    const known = await store.findByDigest(tx, processor_account, digest);
    if (known !== null) return toSettlementFile(known);
    const file = store.insert(tx, {
      id: newId('settlement_file'),
      processor_account,
      name: name ?? null,
      digest,
      lines: 0,
      matched: 0,
      differences: 0,
      created: unix(tx.wallClock),
    });
    try {
      return toSettlementFile(store.update(tx, file, await importLines(tx, file, content)));
    } catch (error) {
      if (error instanceof NotCsv) throw parameterInvalid(error.message, 'content');
      throw error;
    }
  },
});

export const retrieve = query({
  route: 'GET /v1/settlement_files/:id',
  summary: 'Retrieves a settlement file: how many of its lines agree with our books.',
  input: SettlementFileId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('settlement_file', id);
    return toSettlementFile(row);
  },
});

export const list = query({
  route: 'GET /v1/settlement_files',
  summary: 'Lists the settlement files that were imported, the newest first.',
  input: ListSettlementFiles,
  run: async (scope, params) => toPage(await store.page(scope, params), toSettlementFile),
});
