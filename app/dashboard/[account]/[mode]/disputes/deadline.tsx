import type { Outputs } from '@/components/api/queries';
import { Time } from '@/components/time/time';

export type DisputeObject = Outputs['disputes']['retrieve'];

type Answerable = Pick<DisputeObject, 'status' | 'evidence_details'>;

/** Whether evidence is taken: it is taken once. */
export const isAnswerable = ({ status }: Pick<DisputeObject, 'status'>): boolean =>
  status === 'needs_response' || status === 'warning_needs_response';

/** Until when it can be answered, in unix seconds; null where it no longer can. */
export const deadlineOf = (dispute: Answerable): number | null =>
  isAnswerable(dispute) ? dispute.evidence_details.due_by : null;

export function Deadline({ dispute }: { dispute: Answerable }) {
  const at = deadlineOf(dispute);
  return at === null ? null : <Time at={at} as="ago" />;
}
