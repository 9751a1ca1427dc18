import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { Shell } from '@/app/dashboard/shell';
import { requirePerson, viewerOf, visitOf, type VisitProps } from '@/app/dashboard/visit';

/** A project that one is not a member of is not there, as one that does not exist. */
export default async function DashboardLayout(props: VisitProps & { children: ReactNode }) {
  const { account, mode } = await visitOf(props);
  const [viewer, { user, projects }] = await Promise.all([viewerOf(), requirePerson()]);
  const project = projects.find((one) => one.account === account);
  if (project === undefined) notFound();
  return (
    <Shell
      account={account}
      mode={mode}
      viewer={viewer}
      user={{ email: user.email, name: user.name, role: project.role }}
      may={project.may}
      projects={projects.map(({ account, name }) => ({ account, name }))}
    >
      {props.children}
    </Shell>
  );
}
