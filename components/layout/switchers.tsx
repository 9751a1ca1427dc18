'use client';

import { ChevronsUpDown, Pencil, Plus } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { hrefOf, type Mode } from '@/components/api/address';
import { useProject } from '@/components/api/project';
import { cx } from '@/components/ui/classes';
import {
  Menu,
  MenuAction,
  MenuChoice,
  MenuChoices,
  MenuLabel,
  MenuRule,
} from '@/components/ui/menu';

export interface ProjectName {
  readonly account: string;
  readonly name: string;
}

const initialOf = (name: string): string => name.trim().charAt(0).toUpperCase() || '?';

export interface ProjectSwitcherProps {
  readonly projects: readonly ProjectName[];
  readonly onCreate: () => void;
  /** Left out where the member may not. */
  readonly onEdit?: (() => void) | undefined;
}

export function ProjectSwitcher({ projects, onCreate, onEdit }: ProjectSwitcherProps) {
  const { account, mode } = useProject();
  const router = useRouter();
  const name = projects.find((project) => project.account === account)?.name ?? account;
  return (
    <Menu
      align="start"
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={`Project ${name}: switch`}
          className="flex h-10 w-full min-w-0 cursor-pointer items-center gap-2.5 rounded-lg px-2 text-left hover:bg-sunken"
        >
          <span
            aria-hidden
            className="flex size-6 shrink-0 items-center justify-center rounded-md bg-accent text-xs font-semibold text-accent-ink"
          >
            {initialOf(name)}
          </span>
          <span className="min-w-0 flex-1 truncate text-sm font-semibold">{name}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
      }
    >
      <MenuLabel>Projects</MenuLabel>
      <MenuChoices value={account} onValueChange={(next) => router.push(hrefOf(next, mode))}>
        {projects.map((project) => (
          <MenuChoice key={project.account} value={project.account}>
            <span className="truncate">{project.name}</span>
          </MenuChoice>
        ))}
      </MenuChoices>
      <MenuRule />
      {onEdit !== undefined && (
        <MenuAction onSelect={onEdit}>
          <Pencil aria-hidden />
          Name and time zone
        </MenuAction>
      )}
      <MenuAction onSelect={onCreate}>
        <Plus aria-hidden />
        New project
      </MenuAction>
    </Menu>
  );
}

const MODES = [
  ['test', 'Test'],
  ['live', 'Live'],
] as const satisfies readonly (readonly [Mode, string])[];

/** Two links, because a mode is a place: the same page, with the other mode's rows. */
export function ModeSwitch() {
  const { account, mode } = useProject();
  const [section = '', page = ''] = usePathname()
    .slice(hrefOf(account, mode).length + 1)
    .split('/');
  // What one mode has at an address, the other has not: one lands on the list, not on the object.
  const place = section === 'settings' ? `${section}/${page}` : section;
  return (
    <nav aria-label="Mode" className="flex h-8 items-center rounded-lg bg-sunken p-0.5 text-[13px]">
      {MODES.map(([one, name]) => (
        <Link
          key={one}
          href={hrefOf(account, one, place)}
          aria-current={one === mode ? 'true' : undefined}
          className={cx(
            'flex h-7 items-center rounded-md px-2.5 transition-colors',
            one !== mode && 'text-muted hover:text-ink',
            one === mode && 'bg-surface font-medium shadow-xs',
            one === mode && one === 'test' && 'text-warn',
            one === mode && one === 'live' && 'text-good',
          )}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
