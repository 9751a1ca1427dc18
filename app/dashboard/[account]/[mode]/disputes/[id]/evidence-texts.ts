/** TABLE: what can be said to a dispute, in groups, by the names on the wire. Files are not taken. */
import type { TextSpec } from '@/components/object/text-fields';

export const EVIDENCE = [
  {
    title: 'What happened',
    fields: [
      {
        name: 'uncategorized_text',
        label: 'Your account of it',
        hint: 'Why the payment is right, in your words. In test mode, winning_evidence wins and losing_evidence loses.',
        type: 'long',
      },
      { name: 'product_description', label: 'What was sold', type: 'long' },
      { name: 'service_date', label: 'Date of the service', placeholder: '1 November 2026' },
    ],
  },
  {
    title: 'The customer',
    fields: [
      { name: 'customer_name', label: 'Name' },
      { name: 'customer_email_address', label: 'E-mail address' },
      { name: 'customer_purchase_ip', label: 'IP address of the purchase' },
      { name: 'billing_address', label: 'Billing address', type: 'long' },
      {
        name: 'access_activity_log',
        label: 'Record of use',
        hint: 'Sign-ins, downloads and the like, with times and IP addresses.',
        type: 'long',
      },
    ],
  },
  {
    title: 'Shipping',
    fields: [
      { name: 'shipping_carrier', label: 'Carrier', placeholder: 'Royal Mail' },
      { name: 'shipping_tracking_number', label: 'Tracking number' },
      { name: 'shipping_date', label: 'Date of shipping', placeholder: '1 November 2026' },
      { name: 'shipping_address', label: 'Shipping address', type: 'long' },
    ],
  },
  {
    title: 'Refunds and cancellation',
    fields: [
      { name: 'refund_policy_disclosure', label: 'How your refund policy was shown', type: 'long' },
      { name: 'refund_refusal_explanation', label: 'Why there was no refund', type: 'long' },
      {
        name: 'cancellation_policy_disclosure',
        label: 'How your cancellation policy was shown',
        type: 'long',
      },
      { name: 'cancellation_rebuttal', label: 'Why it was not cancelled', type: 'long' },
    ],
  },
  {
    title: 'A duplicate',
    fields: [
      {
        name: 'duplicate_charge_id',
        label: 'The other charge',
        hint: 'Of which this one is said to be a duplicate.',
        placeholder: 'ch_…',
      },
      { name: 'duplicate_charge_explanation', label: 'How the two differ', type: 'long' },
    ],
  },
] as const satisfies readonly {
  readonly title: string;
  readonly fields: readonly TextSpec<string>[];
}[];

export type EvidenceText = (typeof EVIDENCE)[number]['fields'][number]['name'];

export const EVIDENCE_TEXTS: readonly TextSpec<EvidenceText>[] = EVIDENCE.flatMap(
  ({ fields }) => fields as readonly TextSpec<EvidenceText>[],
);
