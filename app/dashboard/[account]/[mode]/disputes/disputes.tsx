'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { disputeList } from './list';
import { RecordForm } from './record-form';

export function Disputes() {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  return (
    <ListPage
      list={disputeList}
      action={
        may('disputes', 'record') && (
          <RecordForm
            trigger={
              <Button>
                <Plus aria-hidden />
                Record dispute
              </Button>
            }
            onSaved={(id) => router.push(href(`disputes/${id}`))}
          />
        )
      }
    />
  );
}
