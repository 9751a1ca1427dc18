/** What members set for their project. Each change is entered in its audit log. */
import { record } from '@/server/audit_log';
import type { Actor, Scope, Tx } from '@/server/kernel/context';
import { resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { toImage, type Image } from './images/image';
import type {
  BrandImageKind,
  UpdateBilling,
  UpdateBranding,
  UpdateLogs,
  UpdateProject,
} from './params';
import { readSettings, type Settings } from './settings';
import * as store from './store';

/** A project as its members see it. */
export interface ProjectSettings extends Settings {
  readonly object: 'project_settings';
  /** `acct_…`. */
  readonly account: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly default_currency: string;
  /** Where a browser finds the pictures of the brand. */
  readonly brand: Readonly<Record<BrandImageKind, string | null>>;
}

export const readProjectSettings = async (scope: Scope): Promise<ProjectSettings> =>
  toProjectSettings(await store.current(scope));

export const updateProject = (
  tx: Tx,
  actor: Actor,
  { name, default_currency, ...settings }: UpdateProject,
): Promise<ProjectSettings> =>
  change(tx, actor, 'projects.update', () => ({ row: { name, default_currency }, settings }));

export const updateBilling = (
  tx: Tx,
  actor: Actor,
  changes: UpdateBilling,
): Promise<ProjectSettings> =>
  change(tx, actor, 'projects.updateBilling', ({ billing }) => ({
    settings: { billing: { ...billing, ...defined(changes) } },
  }));

export const updateLogs = (tx: Tx, actor: Actor, changes: UpdateLogs): Promise<ProjectSettings> =>
  change(tx, actor, 'projects.updateLogs', ({ logs }) => ({
    settings: { logs: { ...logs, ...changes } },
  }));

export const updateBranding = (
  tx: Tx,
  actor: Actor,
  changes: UpdateBranding,
): Promise<ProjectSettings> =>
  change(tx, actor, 'projects.updateBranding', ({ branding }) => ({
    settings: { branding: { ...branding, ...changes } },
  }));

/** @throws ApiError 400 for what is no picture, or one that could do more than be seen. */
export const setBrandImage = (
  tx: Tx,
  actor: Actor,
  { kind, content }: { readonly kind: BrandImageKind; readonly content: Buffer },
): Promise<ProjectSettings> => {
  const image = toImage(content, 'content');
  return change(tx, actor, 'projects.setBrandImage', ({ branding }) => {
    const { id } = store.insertImage(tx, {
      id: newId('brand_image'),
      kind,
      ...image,
      created: unix(tx.now),
    });
    return { settings: { branding: replaced(tx, branding, kind, id) } };
  });
};

export const removeBrandImage = (
  tx: Tx,
  actor: Actor,
  kind: BrandImageKind,
): Promise<ProjectSettings> =>
  change(tx, actor, 'projects.removeBrandImage', ({ branding }) => ({
    settings: { branding: replaced(tx, branding, kind, null) },
  }));

/** A picture by its id, for whoever has its address. */
export async function readBrandImage(scope: Scope, id: string): Promise<Image> {
  const found = await store.findImage(scope, id);
  if (found === null) throw resourceMissing('brand_image', id);
  return found;
}

function replaced(
  tx: Tx,
  branding: Settings['branding'],
  kind: BrandImageKind,
  id: string | null,
): Settings['branding'] {
  const before = branding[kind];
  if (before !== null) store.removeImage(tx, before);
  return { ...branding, [kind]: id };
}

interface Changed {
  readonly row?: Partial<Pick<store.ProjectRow, 'name' | 'default_currency'>>;
  readonly settings: Partial<Settings>;
}

/** Holds the project while it is changed, so that of two who change it neither undoes the other. */
async function change(
  tx: Tx,
  actor: Actor,
  action: string,
  decide: (before: Settings) => Changed,
): Promise<ProjectSettings> {
  const before = await store.lockCurrent(tx);
  const { row = {}, settings } = decide(readSettings(before.settings));
  const after = await store.updateCurrent(tx, before, {
    ...defined(row),
    settings: { ...before.settings, ...defined(settings) },
  });
  record(
    tx,
    { actor, now: tx.now, request: tx.request },
    { action, object: before.account, before: entered(before), after: entered(after) },
  );
  return toProjectSettings(after);
}

const defined = <T extends object>(given: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;

const entered = ({ name, default_currency, settings }: store.ProjectRow): object => ({
  name,
  default_currency,
  ...readSettings(settings),
});

const toProjectSettings = (row: store.ProjectRow): ProjectSettings => {
  const settings = readSettings(row.settings);
  return {
    object: 'project_settings',
    account: row.account,
    name: row.name,
    country: row.country,
    default_currency: row.default_currency,
    brand: brandOf(row),
    ...settings,
  };
};

/** Paths on this server. The picture at one never changes: another has another id. */
export const brandOf = (row: Pick<store.ProjectRow, 'id' | 'settings'>) => {
  const { logo, icon } = readSettings(row.settings).branding;
  const pathOf = (id: string | null) => (id === null ? null : `/brand/${row.id}/${id}`);
  return { logo: pathOf(logo), icon: pathOf(icon) };
};
