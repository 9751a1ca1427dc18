import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Door } from '@/app/sign-in/door';
import { requireSession } from '@/app/session';
import { NewProjectForm } from './new-project-form';

export const metadata: Metadata = { title: 'Dashboard' };

/** The first project; or, for somebody who is in none, the way to make one. */
export default async function DashboardPage() {
  const { projects, user } = await requireSession('/dashboard');
  const [first] = projects;
  if (first !== undefined) redirect(`/dashboard/${first.account}/test`);
  return (
    <Door
      title="Create a project"
      note={`You are signed in as ${user.email}, and a member of no project yet. Make one, or open the link of an invitation.`}
    >
      <NewProjectForm />
    </Door>
  );
}
