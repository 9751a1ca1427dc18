'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Act } from '@/components/object/act';
import { Offers, type Offer } from '@/components/object/offers';
import { CreditForm } from './credit-form';
import type { InvoiceObject } from './call';
import { PayForm } from './pay-form';

type Verb = 'credit' | 'finalize' | 'give_up' | 'pay' | 'remove' | 'send' | 'void';

/** What can be done with an invoice as it is, the most likely first. What is refused, the server says. */
function useOffers({ status, collection_method, billing_reason }: InvoiceObject): Offer<Verb>[] {
  const may = useMay();
  const isDraft = status === 'draft';
  const isOwed = status === 'open' || status === 'uncollectible';
  const isSent = collection_method === 'send_invoice';
  return [
    { verb: 'pay', label: 'Pay', isOffered: isOwed && may('invoices', 'pay'), isMain: true },
    {
      verb: 'send',
      label: isDraft ? 'Finalize and send' : 'Send',
      isOffered: (isDraft || status === 'open') && isSent && may('invoices', 'send'),
      isMain: true,
    },
    {
      verb: 'finalize',
      label: 'Finalize',
      isOffered: isDraft && may('invoices', 'finalize'),
      isMain: true,
    },
    {
      verb: 'credit',
      label: 'Credit',
      isOffered: (isOwed || status === 'paid') && may('credit_notes', 'create'),
    },
    {
      verb: 'give_up',
      label: 'Mark uncollectible',
      isOffered: status === 'open' && may('invoices', 'markUncollectible'),
    },
    { verb: 'void', label: 'Void', isOffered: isOwed && may('invoices', 'void') },
    {
      verb: 'remove',
      label: 'Delete draft',
      isOffered: isDraft && billing_reason === 'manual' && may('invoices', 'remove'),
    },
  ];
}

export function InvoiceActions({ invoice }: { invoice: InvoiceObject }) {
  const [opened, setOpened] = useState<Verb | null>(null);
  const offers = useOffers(invoice);
  const close = (): void => setOpened(null);
  return (
    <>
      <Offers offers={offers} onChoose={setOpened} />
      <PayForm invoice={invoice} isOpen={opened === 'pay'} onClose={close} />
      <CreditForm invoice={invoice} isOpen={opened === 'credit'} onClose={close} />
      <Questions invoice={invoice} opened={opened} onClose={close} />
    </>
  );
}

interface QuestionsProps {
  readonly invoice: InvoiceObject;
  readonly opened: Verb | null;
  readonly onClose: () => void;
}

/** Those that only need a yes. */
function Questions({ invoice: { id }, opened, onClose }: QuestionsProps) {
  const router = useRouter();
  const { href } = useProject();
  const finalize = trpc.invoices.finalize.useMutation();
  const send = trpc.invoices.send.useMutation();
  const voidOne = trpc.invoices.void.useMutation();
  const giveUp = trpc.invoices.markUncollectible.useMutation();
  const remove = trpc.invoices.remove.useMutation();
  const asked = (verb: Verb) => ({ isOpen: opened === verb, onOpenChange: onClose });
  return (
    <>
      <Act
        {...asked('finalize')}
        title="Finalize this invoice?"
        action="Finalize invoice"
        done="Invoice finalized"
        look="primary"
        run={() => finalize.mutateAsync({ id })}
      >
        It gets its number and can be paid. Its lines cannot be changed any more.
      </Act>
      <Act
        {...asked('send')}
        title="Send this invoice?"
        action="Send invoice"
        done="Invoice sent"
        look="primary"
        run={() => send.mutateAsync({ id })}
      >
        A draft is finalized first: its lines cannot be changed any more.
      </Act>
      <Act
        {...asked('void')}
        title="Void this invoice?"
        action="Void invoice"
        done="Invoice voided"
        run={() => voidOne.mutateAsync({ id })}
      >
        It stays on record, and nobody owes it any more. This cannot be undone.
      </Act>
      <Act
        {...asked('give_up')}
        title="Mark this invoice uncollectible?"
        action="Mark uncollectible"
        done="Invoice marked uncollectible"
        run={() => giveUp.mutateAsync({ id })}
      >
        You no longer expect it to be paid. It still can be, and it can be voided.
      </Act>
      <Act
        {...asked('remove')}
        title="Delete this draft?"
        action="Delete draft"
        done="Draft deleted"
        run={async () => {
          await remove.mutateAsync({ id });
          router.push(href('invoices'));
        }}
      >
        Nothing of it stays.
      </Act>
    </>
  );
}
