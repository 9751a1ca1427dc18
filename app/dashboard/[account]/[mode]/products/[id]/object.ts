import type { Outputs } from '@/components/api/queries';

/** What the page is about, as the API answers it. */
export type ProductObject = Outputs['products']['retrieve'];
