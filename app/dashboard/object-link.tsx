'use client';

import Link from 'next/link';
import { useProject } from '@/components/api/project';
import { placeOf } from '@/components/layout/place';
import { places } from './places';

/** An id that leads to its object's page, where there is one. */
export function ObjectLink({ id }: { id: string }) {
  const { href } = useProject();
  const place = placeOf(places, id);
  const text = <span className="font-mono text-[13px] break-all">{id}</span>;
  if (place === undefined) return text;
  return (
    <Link href={href(`${place.page}/${id}`)} className="text-accent hover:underline">
      {text}
    </Link>
  );
}
