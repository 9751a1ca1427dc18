'use client';

import { ListPage } from '@/components/list/list-page';
import { eventList } from './list';

export const Events = () => <ListPage list={eventList} />;
