import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { promotionCodeList } from './list';
import { PromotionCodes } from './promotion-codes';

export const metadata: Metadata = { title: 'Promotion codes' };

export default async function PromotionCodesPage(
  props: VisitProps & { searchParams: Promise<Address> },
) {
  const call = listCall(promotionCodeList, await props.searchParams);
  return (
    <Prefetched params={props.params} calls={[call]}>
      <PromotionCodes />
    </Prefetched>
  );
}
