'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useProject } from '@/components/api/project';
import { cx } from '@/components/ui/classes';
import { PLACE_GROUPS, type Place } from './place';

export interface SidebarProps {
  readonly places: readonly Place[];
  /** After a place was chosen: the drawer closes. */
  readonly onGo?: () => void;
}

export function Sidebar({ places, onGo }: SidebarProps) {
  return (
    <nav aria-label="Main" className="flex flex-col gap-5">
      {PLACE_GROUPS.map((group) => {
        const inGroup = places.filter(
          (place) => place.group === group && place.within === undefined,
        );
        if (inGroup.length === 0) return null;
        return (
          <div key={group}>
            {group !== '' && (
              <h2 className="px-2.5 pb-1 text-xs font-medium text-muted">{group}</h2>
            )}
            <ul className="flex flex-col gap-px">
              {inGroup.map((place) => (
                <PlaceLink
                  key={place.page}
                  place={place}
                  {...(onGo === undefined ? {} : { onGo })}
                />
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

function PlaceLink({
  place: { page, name, icon: Icon },
  onGo,
}: {
  place: Place;
  onGo?: () => void;
}) {
  const { href } = useProject();
  const path = usePathname();
  const to = href(page);
  const isHere = path === to || (page !== '' && path.startsWith(`${to}/`));
  return (
    <li>
      <Link
        href={to}
        onClick={onGo}
        aria-current={isHere ? 'page' : undefined}
        className={cx(
          'flex h-8 items-center gap-2.5 rounded-lg px-2.5 text-sm transition-colors',
          isHere
            ? 'bg-accent-soft font-medium text-accent'
            : 'text-muted hover:bg-sunken hover:text-ink',
        )}
      >
        <Icon aria-hidden className="size-4 shrink-0" />
        {name}
      </Link>
    </li>
  );
}
