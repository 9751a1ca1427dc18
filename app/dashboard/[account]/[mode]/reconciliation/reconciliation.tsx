'use client';

import Link from 'next/link';
import { useProject } from '@/components/api/project';
import { ListPage } from '@/components/list/list-page';
import { Button } from '@/components/ui/button';
import { ImportForm } from './files/import-form';
import { itemList } from './list';

export function Reconciliation() {
  const { href } = useProject();
  return (
    <ListPage
      list={itemList}
      action={
        <>
          <Button asChild>
            <Link href={href('reconciliation/files')}>Settlement files</Link>
          </Button>
          <ImportForm />
        </>
      }
    />
  );
}
