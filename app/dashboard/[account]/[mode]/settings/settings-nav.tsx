'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { cx } from '@/components/ui/classes';
import { places } from '@/app/dashboard/places';

/** In a row that is too narrow for all of them, the one that is open is seen. */
function bringIntoView(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'center' });
}

/** The pages of the settings: beside them where there is room, else in a row above. */
export function SettingsNav() {
  const { href } = useProject();
  const path = usePathname();
  const may = useMay();
  const pages = places.filter(
    ({ within, needs }) => within === 'settings' && (needs === undefined || may(...needs)),
  );
  return (
    <nav aria-label="Settings" className="min-w-0">
      <ul className="flex gap-px overflow-x-auto max-xl:-mx-4 max-xl:border-b max-xl:border-line max-xl:px-4 max-xl:pb-3 sm:max-xl:-mx-6 sm:max-xl:px-6 xl:sticky xl:top-22 xl:flex-col">
        {pages.map(({ page, name }) => {
          const isHere = path === href(page) || path.startsWith(`${href(page)}/`);
          return (
            <li key={page}>
              <Link
                ref={isHere ? bringIntoView : null}
                href={href(page)}
                aria-current={isHere ? 'page' : undefined}
                className={cx(
                  'flex h-8 items-center rounded-lg px-2.5 text-sm whitespace-nowrap -outline-offset-2 transition-colors',
                  isHere ? 'bg-sunken font-medium' : 'text-muted hover:text-ink',
                )}
              >
                {name}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
