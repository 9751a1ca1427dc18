import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { promotionCodeCall } from './call';
import { PromotionCode } from './promotion-code';

export const metadata: Metadata = { title: 'Promotion code' };

interface PromotionCodePageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function PromotionCodePage({ params }: PromotionCodePageProps) {
  const { id } = await params;
  return (
    <Prefetched
      params={params}
      calls={[{ path: 'promotionCodes.retrieve', input: promotionCodeCall(id) }]}
    >
      <PromotionCode id={id} />
    </Prefetched>
  );
}
