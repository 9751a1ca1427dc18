'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { promotionCodeList } from './list';
import { PromotionCodeForm } from './promotion-code-form';

export function PromotionCodes() {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  return (
    <ListPage
      list={promotionCodeList}
      action={
        may('promotion_codes', 'create') && (
          <PromotionCodeForm
            trigger={
              <Button look="primary">
                <Plus aria-hidden />
                Create code
              </Button>
            }
            onSaved={(id) => router.push(href(`promotion-codes/${id}`))}
          />
        )
      }
    />
  );
}
