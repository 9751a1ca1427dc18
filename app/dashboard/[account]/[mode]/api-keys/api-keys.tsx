'use client';

import { Plus } from 'lucide-react';
import { useMay } from '@/components/api/may';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { ApiKeyForm } from './api-key-form';
import { apiKeyList } from './list';

export function ApiKeys() {
  const may = useMay();
  return (
    <ListPage
      list={apiKeyList}
      action={
        may('api_keys', 'create') && (
          <ApiKeyForm
            trigger={
              <Button look="primary">
                <Plus aria-hidden />
                Create API key
              </Button>
            }
          />
        )
      }
    />
  );
}
