'use client';

import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import type { Mode } from '@/components/api/address';
import { MayProvider, type Changes } from '@/components/api/may';
import { ApiProvider } from '@/components/api/trpc';
import { Frame } from '@/components/layout/frame';
import type { ProjectName } from '@/components/layout/switchers';
import type { SignedInUser } from '@/components/layout/user-menu';
import { ViewerProvider, type Viewer } from '@/components/time/viewer';
import { ToastProvider } from '@/components/ui/toast';
import { TooltipProvider } from '@/components/ui/tooltip';
import { places } from './places';

export interface ShellProps {
  readonly account: string;
  readonly mode: Mode;
  readonly viewer: Viewer;
  readonly user: SignedInUser;
  readonly may: Changes;
  readonly projects: readonly ProjectName[];
  readonly children: ReactNode;
}

/** Everything that a page of the dashboard can count on. */
export function Shell({ account, mode, viewer, user, may, projects, children }: ShellProps) {
  return (
    <ApiProvider key={`${account}/${mode}`} account={account} mode={mode}>
      <NuqsAdapter>
        <ViewerProvider viewer={viewer}>
          <TooltipProvider>
            <ToastProvider>
              <MayProvider changes={may}>
                <Frame places={places} projects={projects} user={user} onSignOut={signOutHere}>
                  {children}
                </Frame>
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
