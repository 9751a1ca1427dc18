'use client';

import { ListPage } from '@/components/list/list-page';
import { paymentList } from './list';

export const Payments = () => <ListPage list={paymentList} />;
