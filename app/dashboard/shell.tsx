'use client';

import dynamic from 'next/dynamic';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useState, type ReactNode } from 'react';
import type { Mode } from '@/components/api/address';
import { MayProvider, type May } from '@/components/api/may';
import { ApiProvider } from '@/components/api/trpc';
import { Frame } from '@/components/layout/frame';
import type { ProjectName } from '@/components/layout/switchers';
import type { SignedInUser } from '@/components/layout/user-menu';
import { ViewerProvider, type Viewer } from '@/components/time/viewer';
import { ToastProvider } from '@/components/ui/toast';
import { TooltipProvider } from '@/components/ui/tooltip';
import { places } from './places';
import type { ProjectDialogsProps } from './project-dialogs';

/** Loaded when it is first asked for. */
const ProjectDialogs = dynamic(
  () => import('./project-dialogs').then((module) => module.ProjectDialogs),
  { ssr: false },
);

export interface ShellProps {
  readonly account: string;
  readonly mode: Mode;
  readonly viewer: Viewer;
  readonly user: SignedInUser;
  readonly may: May;
  readonly projects: readonly ProjectName[];
  readonly children: ReactNode;
}

/** Everything that a page of the dashboard can count on. */
export function Shell({ account, mode, viewer, user, may, projects, children }: ShellProps) {
  const [asked, setAsked] = useState<ProjectDialogsProps['asked'] | null>(null);
  const mayEdit = may.calls.includes('projects.update');
  return (
    <ApiProvider key={`${account}/${mode}`} account={account} mode={mode}>
      <NuqsAdapter>
        <ViewerProvider viewer={viewer}>
          <TooltipProvider>
            <ToastProvider>
              <MayProvider may={may}>
                <Frame
                  places={places}
                  projects={projects}
                  user={user}
                  onSignOut={signOutHere}
                  onCreateProject={() => setAsked('create')}
                  onEditProject={mayEdit ? () => setAsked('edit') : undefined}
                >
                  {children}
                </Frame>
                {asked !== null && (
                  <ProjectDialogs
                    asked={asked}
                    name={projects.find((one) => one.account === account)?.name ?? ''}
                    onClose={() => setAsked(null)}
                  />
                )}
              </MayProvider>
            </ToastProvider>
          </TooltipProvider>
        </ViewerProvider>
      </NuqsAdapter>
    </ApiProvider>
  );
}

/** Loaded when it is wanted: it is wanted once a visit. */
function signOutHere(): void {
  void import('next-auth/react').then(({ signOut }) => signOut({ callbackUrl: '/sign-in' }));
}
