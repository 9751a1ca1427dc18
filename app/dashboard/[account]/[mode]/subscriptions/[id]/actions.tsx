'use client';

import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { trpc } from '@/components/api/trpc';
import { Act } from '@/components/object/act';
import { Offers, type Offer } from '@/components/object/offers';
import { CancelForm } from './cancel-form';
import { ChangeForm } from './change-form';
import { PauseForm } from './pause-form';
import type { SubscriptionObject } from './call';

type Verb = 'cancel' | 'change' | 'collect' | 'end_trial' | 'keep' | 'pause' | 'resume';

/** What can be done with a subscription as it is. */
function useOffers(subscription: SubscriptionObject): Offer<Verb>[] {
  const may = useMay();
  const { status, cancel_at, ended_at, pause_collection } = subscription;
  if (ended_at !== null) return [];
  const mayUpdate = may('subscriptions', 'update');
  return [
    { verb: 'change', label: 'Change plan', isOffered: mayUpdate && status !== 'paused' },
    {
      verb: 'resume',
      label: 'Resume',
      isOffered: status === 'paused' && may('subscriptions', 'resume'),
    },
    { verb: 'keep', label: "Don't cancel", isOffered: cancel_at !== null && mayUpdate },
    {
      verb: 'cancel',
      label: 'Cancel',
      isOffered: cancel_at === null && may('subscriptions', 'cancel'),
    },
    {
      verb: 'pause',
      label: 'Pause collection',
      isOffered: pause_collection === null && mayUpdate,
    },
    {
      verb: 'collect',
      label: 'Resume collection',
      isOffered: pause_collection !== null && mayUpdate,
    },
    {
      verb: 'end_trial',
      label: 'End trial now',
      isOffered: status === 'trialing' && mayUpdate,
    },
  ];
}

export function SubscriptionActions({ subscription }: { subscription: SubscriptionObject }) {
  const [opened, setOpened] = useState<Verb | null>(null);
  const offers = useOffers(subscription);
  const close = (): void => setOpened(null);
  return (
    <>
      <Offers offers={offers} onChoose={setOpened} />
      <ChangeForm subscription={subscription} isOpen={opened === 'change'} onClose={close} />
      <CancelForm subscription={subscription} isOpen={opened === 'cancel'} onClose={close} />
      <PauseForm subscription={subscription} isOpen={opened === 'pause'} onClose={close} />
      <Questions subscription={subscription} opened={opened} onClose={close} />
    </>
  );
}

interface QuestionsProps {
  readonly subscription: SubscriptionObject;
  readonly opened: Verb | null;
  readonly onClose: () => void;
}

/** Those that only need a yes. */
function Questions({ subscription, opened, onClose }: QuestionsProps) {
  const { id, cancel_at_period_end } = subscription;
  const update = trpc.subscriptions.update.useMutation();
  const resume = trpc.subscriptions.resume.useMutation();
  const asked = (verb: Verb) => ({
    isOpen: opened === verb,
    onOpenChange: onClose,
    look: 'primary' as const,
  });
  return (
    <>
      <Act
        {...asked('keep')}
        title="Let this subscription go on?"
        action="Don't cancel"
        done="The subscription goes on"
        run={() =>
          update.mutateAsync(
            cancel_at_period_end ? { id, cancel_at_period_end: false } : { id, cancel_at: '' },
          )
        }
      >
        It renews as if it had never been cancelled.
      </Act>
      <Act
        {...asked('collect')}
        title="Resume collection?"
        action="Resume collection"
        done="Collection resumed"
        run={() => update.mutateAsync({ id, pause_collection: '' })}
      >
        Invoices from now on are asked for again.
      </Act>
      <Act
        {...asked('resume')}
        title="Resume this subscription?"
        action="Resume subscription"
        done="Subscription resumed"
        run={() => resume.mutateAsync({ id })}
      >
        A new period begins, and is asked for at once.
      </Act>
      <Act
        {...asked('end_trial')}
        title="End the trial now?"
        action="End trial"
        done="Trial ended"
        run={() => update.mutateAsync({ id, trial_end: 'now' })}
      >
        The first period begins, and is asked for at once.
      </Act>
    </>
  );
}
