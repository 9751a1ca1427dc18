import type { Outputs } from '@/components/api/queries';

/** A customer who was not deleted. */
export type Living = Exclude<Outputs['customers']['retrieve'], { deleted: true }>;
