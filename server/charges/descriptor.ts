/**
 * What payers read on their statements: what the intent says, else what the project does; with a
 * suffix, the project's in short before it. https://docs.stripe.com/get-started/account/statement-descriptors
 */
import type { ChargeRow } from './store';

/** What fits on a statement, and how much of it is the project's where a suffix follows. */
const LENGTH_MAX = 22;
const PREFIX_MAX = 10;

/** @param ofProject what it has set; null where it has not. */
export function statementDescriptorOf(
  ofProject: string | null,
  {
    statement_descriptor,
    statement_descriptor_suffix: suffix,
  }: Pick<ChargeRow, 'statement_descriptor' | 'statement_descriptor_suffix'>,
): string | null {
  const whole = statement_descriptor ?? ofProject;
  if (suffix === null || whole === null) return suffix ?? whole;
  const prefix = whole.slice(0, PREFIX_MAX).trimEnd();
  return `${prefix}* ${suffix}`.slice(0, LENGTH_MAX).trimEnd();
}
