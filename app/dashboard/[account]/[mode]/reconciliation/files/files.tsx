'use client';

import { ListPage } from '@/components/list/list-page';
import { ImportForm } from './import-form';
import { fileList } from './list';

export const Files = () => <ListPage list={fileList} action={<ImportForm />} />;
