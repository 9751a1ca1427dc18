'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { CouponForm } from './coupon-form';
import { couponList } from './list';

export function Coupons() {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  return (
    <ListPage
      list={couponList}
      action={
        may('coupons', 'create') && (
          <CouponForm
            trigger={
              <Button look="primary">
                <Plus aria-hidden />
                Create coupon
              </Button>
            }
            onSaved={(id) => router.push(href(`coupons/${encodeURIComponent(id)}`))}
          />
        )
      }
    />
  );
}
