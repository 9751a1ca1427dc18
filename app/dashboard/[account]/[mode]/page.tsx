import { redirect } from 'next/navigation';
import { places } from '@/app/dashboard/places';
import { visitOf, type VisitProps } from '@/app/dashboard/visit';
import { hrefOf } from '@/components/api/address';

export default async function FirstPage(props: VisitProps) {
  const { account, mode } = await visitOf(props);
  redirect(hrefOf(account, mode, places[0]?.page));
}
