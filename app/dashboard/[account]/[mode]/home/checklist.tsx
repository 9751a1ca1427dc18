'use client';

import { Check, Circle, X } from 'lucide-react';
import Link from 'next/link';
import { useSyncExternalStore } from 'react';
import { hrefOf, type Mode } from '@/components/api/address';
import { useProject } from '@/components/api/project';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import type { SnippetPlace } from '@/components/list/define';
import { sdkSnippet } from '@/components/list/snippet';
import { useSnippetPlace } from '@/components/list/snippet-place';
import { IconButton } from '@/components/ui/button';
import { cx } from '@/components/ui/classes';
import { CodeBlock } from '@/components/ui/code';
import { Card } from '@/components/ui/surfaces';

type Done = Outputs['dashboard']['home']['checklist'];

interface Step {
  readonly name: keyof Done;
  readonly title: string;
  readonly sentence: string;
  /** Where it can be done here. */
  readonly page?: { readonly href: string; readonly label: string; readonly mode?: Mode };
  /** And how from code. */
  readonly code?: string;
}

/** TABLE: the way from nothing to a business that runs, in the order in which one goes it. */
const STEPS: readonly Step[] = [
  {
    name: 'call',
    title: 'Make the first call',
    sentence: 'The official Stripe SDK works as it is: only the host and the key are yours.',
    page: { href: 'api-keys', label: 'API keys' },
    code: 'const account = await stripe.accounts.retrieveCurrent();',
  },
  {
    name: 'customer',
    title: 'Create a customer',
    sentence: 'Whoever pays more than once is a customer, with cards, invoices and a history.',
    page: { href: 'customers', label: 'Customers' },
    code: `const customer = await stripe.customers.create({
  name: 'Ada Lovelace',
  email: 'ada@example.com',
});`,
  },
  {
    name: 'payment',
    title: 'Take a payment',
    sentence: 'In test mode a test card pays, and no money moves.',
    page: { href: 'payments', label: 'Payments' },
    code: `const payment = await stripe.paymentIntents.create({
  amount: 2000,
  currency: 'gbp',
  payment_method: 'pm_card_visa',
  payment_method_types: ['card'],
  confirm: true,
});`,
  },
  {
    name: 'webhook',
    title: 'Hear of it by webhook',
    sentence: 'Add an endpoint. This is done as soon as it has taken an event.',
    page: { href: 'webhooks', label: 'Webhooks' },
    code: `const endpoint = await stripe.webhookEndpoints.create({
  url: 'https://example.com/webhooks',
  enabled_events: ['payment_intent.succeeded'],
});`,
  },
  {
    name: 'subscription',
    title: 'Begin a subscription',
    sentence: 'A product with a price that recurs, and a customer who takes it.',
    page: { href: 'subscriptions', label: 'Subscriptions' },
    code: `const price = await stripe.prices.create({
  currency: 'gbp',
  unit_amount: 1500,
  recurring: { interval: 'month' },
  product_data: { name: 'Membership' },
});
await stripe.subscriptions.create({
  customer: 'cus_...',
  items: [{ price: price.id }],
});`,
  },
  {
    name: 'processor',
    title: 'Connect a card processor',
    sentence: 'The simulator takes test cards. In live mode cards are taken by your own account.',
    page: { href: 'settings/processor', label: 'Card processor', mode: 'live' },
  },
  {
    name: 'second_factor',
    title: 'Protect your account',
    sentence: 'A second factor, so that a stolen password is not enough.',
    page: { href: 'settings/security', label: 'Your security' },
  },
];

/** Calls are no events: while something is left to do, it is looked at again. In milliseconds. */
const LOOK_AGAIN_MS = 5_000;

/** What is left to set up. It ticks itself, and goes when it is done or no longer wanted. */
export function Checklist() {
  const project = useProject();
  const place = useSnippetPlace();
  const { isDismissed, dismiss } = useDismissed(`${project.account}-${project.mode}`);
  const { data: done } = trpc.dashboard.home.checklist.useQuery(undefined, {
    enabled: !isDismissed,
    refetchInterval: ({ state }) =>
      state.data === undefined || isComplete(state.data) ? false : LOOK_AGAIN_MS,
  });
  if (isDismissed || done === undefined || isComplete(done)) return null;
  const left = STEPS.filter(({ name }) => !done[name]);
  return (
    <Card
      title="Getting started"
      note={`${STEPS.length - left.length} of ${STEPS.length} done`}
      actions={
        <IconButton label="Dismiss the checklist" size="small" onClick={dismiss}>
          <X />
        </IconButton>
      }
    >
      <div className="grid gap-6 lg:grid-cols-2">
        <ol className="flex flex-col gap-3.5">
          {STEPS.map((step) => (
            <StepLine key={step.name} step={step} isDone={done[step.name]} />
          ))}
        </ol>
        <NextStep step={left.find(({ code }) => code !== undefined)} place={place} />
      </div>
    </Card>
  );
}

const isComplete = (done: Done): boolean => STEPS.every(({ name }) => done[name]);

function StepLine({ step: { title, sentence, page }, isDone }: { step: Step; isDone: boolean }) {
  const { account, href } = useProject();
  const Icon = isDone ? Check : Circle;
  return (
    <li className="flex items-start gap-3">
      <span
        className={cx(
          'mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full',
          isDone ? 'bg-good-soft text-good' : 'text-muted',
        )}
      >
        <Icon aria-hidden className={isDone ? 'size-3.5 stroke-3' : 'size-5 stroke-1'} />
        <span className="sr-only">{isDone ? 'Done:' : 'To do:'}</span>
      </span>
      <div className="min-w-0 text-sm">
        <p className={cx('font-medium', isDone && 'text-muted line-through')}>{title}</p>
        {!isDone && (
          <p className="text-[13px] text-muted">
            {sentence}{' '}
            {page !== undefined && (
              <Link
                href={
                  page.mode === undefined ? href(page.href) : hrefOf(account, page.mode, page.href)
                }
                className="whitespace-nowrap text-accent underline"
              >
                {page.label}
              </Link>
            )}
          </p>
        )}
      </div>
    </li>
  );
}

/** The code of what comes next. */
function NextStep({ step, place }: { step: Step | undefined; place: SnippetPlace }) {
  if (step?.code === undefined) return null;
  return (
    <CodeBlock
      code={sdkSnippet(place, step.code)}
      language="typescript"
      label="code for the Stripe SDK"
      header={step.title}
    />
  );
}

const keyOf = (name: string): string => `calmony-checklist-${name}`;

/** The storage event is for other tabs; this one is told by us. */
const CHANGED = 'calmony-checklist';

function subscribe(listener: () => void): () => void {
  addEventListener('storage', listener);
  addEventListener(CHANGED, listener);
  return () => {
    removeEventListener('storage', listener);
    removeEventListener(CHANGED, listener);
  };
}

/** Whether it was sent away in this browser. On the server it was: nothing jumps out of sight. */
function useDismissed(name: string): { isDismissed: boolean; dismiss: () => void } {
  const isDismissed = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(keyOf(name)) !== null,
    () => true,
  );
  return {
    isDismissed,
    dismiss() {
      localStorage.setItem(keyOf(name), 'dismissed');
      dispatchEvent(new Event(CHANGED));
    },
  };
}
