import { and, asc, eq, getTableColumns, inArray } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { credit_note_lines, credit_notes } from '@/db/schema/credit_notes';
import type { Scope } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListCreditNotes } from './params';

export type CreditNoteRow = typeof credit_notes.$inferSelect;
export type CreditNoteLineRow = typeof credit_note_lines.$inferSelect;
export type Status = CreditNoteRow['status'];

const rows = rowsOf(credit_notes);
export const { insert, find, findAll, lock, update } = rows;

export const { insert: insertLine } = rowsOf(credit_note_lines);

export const page = (scope: Scope, params: ListCreditNotes) =>
  pageOf<CreditNoteRow>(
    scope,
    { table: credit_notes, rows, object: 'credit_note' },
    params,
    whenGiven(credit_notes.customer, params.customer),
    whenGiven(credit_notes.invoice, params.invoice),
    within(credit_notes.created, params.created),
  );

/** All of an invoice, void ones too, the oldest first. */
export const ofInvoice = (scope: Scope, invoice: string): Promise<CreditNoteRow[]> =>
  scope.db
    .select()
    .from(credit_notes)
    .where(eq(credit_notes.invoice, invoice))
    .orderBy(asc(credit_notes.id));

/** All lines of the notes, in their order. */
export const linesOf = async (
  scope: Scope,
  notes: readonly string[],
): Promise<CreditNoteLineRow[]> =>
  notes.length === 0
    ? []
    : scope.db
        .select()
        .from(credit_note_lines)
        .where(inArray(credit_note_lines.credit_note, [...notes]))
        .orderBy(asc(credit_note_lines.credit_note), asc(credit_note_lines.position));

/** What issued notes have taken back of an invoice's lines. */
export const linesCredited = (scope: Scope, invoice: string): Promise<CreditNoteLineRow[]> =>
  scope.db
    .select(getTableColumns(credit_note_lines))
    .from(credit_note_lines)
    .innerJoin(credit_notes, eq(credit_notes.id, credit_note_lines.credit_note))
    .where(and(eq(credit_notes.invoice, invoice), eq(credit_notes.status, 'issued')))
    .orderBy(asc(credit_note_lines.id));
