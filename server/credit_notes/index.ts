import { resource } from '@/server/kernel/resource';
import { toCreditNotes } from './object';
import {
  create,
  list,
  listLines,
  preview,
  previewLines,
  retrieve,
  update,
  voidOne,
} from './operations';
import { findAll } from './store';

export const credit_notes = resource({
  object: 'credit_note',
  expands: 'credit_note',
  load: async (scope, ids) => toCreditNotes(scope, await findAll(scope, ids)),
  operations: { create, preview, previewLines, retrieve, update, list, listLines, void: voidOne },
});
export { creditNote } from './lifecycle';
export { ofInvoice as findNotesOf, type CreditNoteRow } from './store';
