/** A card that a processor keeps, and whose issuer was asked: it never was ours to see. */
import type { Agreements, StoredCard } from '@/db/schema/payment_methods';
import { sha256 } from '@/server/kernel/secrets';
import type { CardFacts } from '@/server/processor/processor';

export interface VerifiedCard {
  readonly processor_account: string | null;
  /** By which the processor knows the card from now on. */
  readonly processor_token: string;
  readonly agreements: Agreements;
  readonly facts: CardFacts;
  readonly checks: StoredCard['checks'];
}

export function toStored({ facts, checks, processor_account }: VerifiedCard): StoredCard {
  const { brand, last4, exp_month, exp_year, country, funding } = facts;
  // Nobody here knows the number: the same card is known by what may be shown of it.
  const seen = [processor_account, brand, last4, exp_month, exp_year, country, funding];
  return {
    brand,
    display_brand: brand,
    country,
    exp_month,
    exp_year,
    fingerprint: sha256(JSON.stringify(seen)).slice(0, 16),
    funding,
    last4,
    networks: { available: [brand], preferred: null },
    checks,
  };
}
