import type { ReactNode } from 'react';
import { SettingsNav } from './settings-nav';

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <div className="grid gap-x-10 gap-y-5 xl:grid-cols-[11rem_minmax(0,1fr)]">
      <SettingsNav />
      <div className="flex min-w-0 flex-col gap-6">{children}</div>
    </div>
  );
}
