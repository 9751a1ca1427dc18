import type { Outputs } from '@/components/api/queries';

export type Event = Outputs['events']['retrieve'];

type Fields = Readonly<Record<string, unknown>>;

/** The object as the event found it; of some, such as a balance, there is no id. */
export const objectOf = ({ data }: Event): Fields => data.object;

export function objectIdOf(event: Event): string | null {
  const { id } = objectOf(event);
  return typeof id === 'string' ? id : null;
}
