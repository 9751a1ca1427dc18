'use client';

import { Menu as MenuIcon, Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { useLiveEvents } from '@/components/api/live';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { IconButton } from '@/components/ui/button';
import { Sheet } from '@/components/ui/sheet';
import { Kbd } from '@/components/ui/surfaces';
import { useKeys } from './keys';
import type { Place } from './place';
import { Shortcuts } from './shortcuts';
import { Sidebar } from './sidebar';
import { ModeSwitch, ProjectSwitcher, type ProjectName } from './switchers';
import { UserMenu, type SignedInUser } from './user-menu';

/** Loaded when it is first asked for: most visits never do. */
const Palette = dynamic(() => import('./palette').then((module) => module.Palette), { ssr: false });

export interface FrameProps {
  readonly places: readonly Place[];
  readonly projects: readonly ProjectName[];
  readonly user: SignedInUser;
  readonly onSignOut: () => void;
  readonly onCreateProject: () => void;
  /** Left out where the member may not. */
  readonly onEditProject?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** What is around every page of the dashboard. */
export function Frame(props: FrameProps) {
  const { places: all, projects, user, onSignOut, onCreateProject, onEditProject } = props;
  const may = useMay();
  const places = useMemo(
    () => all.filter(({ needs }) => needs === undefined || may(...needs)),
    [all, may],
  );
  const { mode } = useProject();
  const [open, setOpen] = useState<'palette' | 'shortcuts' | 'drawer' | null>(null);
  const close = useCallback(() => setOpen(null), []);
  const showPalette = useCallback(() => setOpen('palette'), []);
  const showShortcuts = useCallback(() => setOpen('shortcuts'), []);
  useKeys(places, { onPalette: showPalette, onShortcuts: showShortcuts });
  useLiveEvents();
  // The drawer makes way for what was asked in it.
  const closeFor = (ask: () => void): void => {
    close();
    ask();
  };
  const switcher = (
    <ProjectSwitcher
      projects={projects}
      onCreate={() => closeFor(onCreateProject)}
      onEdit={onEditProject && (() => closeFor(onEditProject))}
    />
  );
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-lg focus:bg-surface focus:px-3 focus:py-2 focus:text-sm focus:shadow-lg"
      >
        Skip to the content
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col gap-4 overflow-y-auto border-r border-line bg-surface px-3 pt-4 pb-6 lg:flex">
        {switcher}
        <Sidebar places={places} />
      </aside>
      <div className="flex min-w-0 flex-col">
        <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-b border-line bg-page px-3 sm:px-6 lg:px-8">
          {mode === 'test' && <TestBar />}
          <IconButton label="Menu" className="lg:hidden" onClick={() => setOpen('drawer')}>
            <MenuIcon />
          </IconButton>
          <SearchButton onOpen={showPalette} />
          <div className="ml-auto flex items-center gap-3">
            <ModeSwitch />
            <UserMenu user={user} onShortcuts={showShortcuts} onSignOut={onSignOut} />
          </div>
        </header>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-7xl px-4 py-6 outline-none sm:px-6 lg:px-8 lg:py-8"
        >
          {props.children}
        </main>
      </div>
      <Sheet
        side="left"
        title="Menu"
        isTitleHidden
        isOpen={open === 'drawer'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'drawer' : null)}
      >
        <div className="-mx-2 flex flex-col gap-4">
          {switcher}
          <Sidebar places={places} onGo={close} />
        </div>
      </Sheet>
      <Shortcuts
        places={places}
        isOpen={open === 'shortcuts'}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'shortcuts' : null)}
      />
      {open === 'palette' && <Palette places={places} onClose={close} />}
    </div>
  );
}

/** Always in sight: nobody should take test payments for money, or money for a test. */
const TestBar = () => (
  <div className="pointer-events-none fixed inset-x-0 top-0 z-40 border-t-3 border-warn-strong">
    <span className="sr-only">Test mode: no money moves.</span>
  </div>
);

function SearchButton({ onOpen }: { onOpen: () => void }) {
  return (
    <>
      <button
        type="button"
        onClick={onOpen}
        className="hidden h-8.5 w-72 cursor-pointer items-center gap-2.5 rounded-lg border border-line-strong bg-surface px-3 text-sm text-muted shadow-xs hover:border-muted/60 sm:flex"
      >
        <Search aria-hidden className="size-4" />
        Find anything
        <span className="ml-auto flex gap-1">
          <Kbd>⌘</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <IconButton label="Find anything" className="sm:hidden" onClick={onOpen}>
        <Search />
      </IconButton>
    </>
  );
}
