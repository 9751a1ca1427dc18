import type { Project } from '@/components/api/project';
import type { Address } from './call';
import type { AnyList } from './define';

/** Where the whole filtered set is, as a file. */
export function exportHref({ href }: Project, list: AnyList, address: Address): string {
  const names = [...Object.keys(list.filters), 'q'];
  const chosen = names.flatMap((name) => {
    const value = address[name] ?? '';
    return value === '' ? [] : [[name, value]];
  });
  const query = new URLSearchParams(chosen).toString();
  return `${href(`export/${list.name}`)}${query === '' ? '' : `?${query}`}`;
}
