import { redirect } from 'next/navigation';
import { visitOf, type VisitProps } from '@/app/dashboard/visit';
import { hrefOf } from '@/components/api/address';

export default async function SettingsPage(props: VisitProps) {
  const { account, mode } = await visitOf(props);
  redirect(hrefOf(account, mode, 'settings/project'));
}
