'use client';

import { Keyboard, LogOut } from 'lucide-react';
import { Menu, MenuAction, MenuRule } from '@/components/ui/menu';
import { ThemeChoices } from './theme';

export interface SignedInUser {
  readonly email: string;
  readonly name: string | null;
  /** In this project. */
  readonly role: string;
}

export interface UserMenuProps {
  readonly user: SignedInUser;
  readonly onShortcuts: () => void;
  readonly onSignOut: () => void;
}

export function UserMenu({ user, onShortcuts, onSignOut }: UserMenuProps) {
  return (
    <Menu
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label="Your account"
          className="flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-full border border-line-strong bg-surface text-xs font-semibold uppercase hover:bg-sunken"
        >
          {(user.name ?? user.email).charAt(0)}
        </button>
      }
    >
      <div className="px-2.5 py-2">
        <p className="truncate font-medium">{user.name ?? user.email}</p>
        <p className="truncate text-[13px] text-muted">
          {user.name === null ? '' : `${user.email} · `}
          {user.role}
        </p>
      </div>
      <MenuRule />
      <ThemeChoices />
      <MenuRule />
      <MenuAction onSelect={onShortcuts}>
        <Keyboard aria-hidden />
        Keyboard shortcuts
      </MenuAction>
      <MenuAction onSelect={onSignOut}>
        <LogOut aria-hidden />
        Sign out
      </MenuAction>
    </Menu>
  );
}
