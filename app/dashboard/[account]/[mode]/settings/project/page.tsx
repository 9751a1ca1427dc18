import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { taxIdsCall } from './call';
import { Project } from './project';

export const metadata: Metadata = { title: 'Project settings' };

const ProjectPage = ({ params }: VisitProps) => (
  <Prefetched params={params} calls={[{ path: 'dashboard.projects.settings' }, taxIdsCall]}>
    <Project />
  </Prefetched>
);

export default ProjectPage;
