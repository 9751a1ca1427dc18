import type { Outputs } from '@/components/api/queries';

/** An account at a card processor, without its secrets. */
export type ProcessorAccount = Outputs['dashboard']['processorAccounts']['list'][number];
