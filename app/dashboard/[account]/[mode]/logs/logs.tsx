'use client';

import { ListPage } from '@/components/list/list-page';
import { logList } from './list';

export const Logs = () => <ListPage list={logList} />;
