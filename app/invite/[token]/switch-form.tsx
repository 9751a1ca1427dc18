'use client';

import { signOut } from 'next-auth/react';
import { Button } from '@/components/ui/button';

/** @param email of whoever is signed in, who is not the one invited. */
export function SwitchForm({ token, email }: { token: string; email: string }) {
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm leading-relaxed text-muted">
        You are signed in as {email}. Sign out first to accept it.
      </p>
      <Button onClick={() => void signOut({ callbackUrl: `/invite/${token}` })}>Sign out</Button>
    </div>
  );
}
