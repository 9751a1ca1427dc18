/** Whose page it is. */
import type { Scope } from '@/server/kernel/context';
import { brandOf, currentProject, readSettings } from '@/server/projects';
import type { Shop } from './page';

/** The merchant, as its project's settings show it. */
export async function shopOf(scope: Scope): Promise<Shop> {
  const project = await currentProject(scope);
  const { primary_color } = readSettings(project.settings).branding;
  return { name: project.name, logo: brandOf(project).logo, colour: primary_color };
}
