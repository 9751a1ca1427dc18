'use client';

import { ListPage } from '@/components/list/list-page';
import { auditList } from './list';

export const AuditLog = () => <ListPage list={auditList} />;
