'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { EndpointForm } from './endpoint-form';
import { endpointList } from './list';

export function Webhooks() {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  return (
    <ListPage
      list={endpointList}
      action={
        may('webhook_endpoints', 'create') && (
          <EndpointForm
            trigger={
              <Button look="primary">
                <Plus aria-hidden />
                Add endpoint
              </Button>
            }
            onSaved={({ id }) => router.push(href(`webhooks/${id}`))}
          />
        )
      }
    />
  );
}
