'use client';

import { PageHeader } from '@/components/layout/page-header';
import { WithSettings } from '../with-settings';
import { Dunning } from './dunning';
import { Terms } from './terms';

/** How subscriptions are billed, and what is done when they are not paid. */
export const Billing = () => (
  <>
    <PageHeader title="Billing and dunning" note="The same in test and live mode." />
    <WithSettings>
      {({ billing }) => (
        <>
          <Dunning billing={billing} />
          <Terms billing={billing} />
        </>
      )}
    </WithSettings>
  </>
);
