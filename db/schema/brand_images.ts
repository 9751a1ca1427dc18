import { customType, pgTable, text } from 'drizzle-orm/pg-core';
import { ofProject, projectTenancy, unixTime } from './_columns';

const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

/** The logo and the icon of a project, as they are sent to browsers. Rows are never changed. */
export const brand_images = pgTable(
  'brand_images',
  {
    ...ofProject(),
    kind: text('kind', { enum: ['logo', 'icon'] }).notNull(),
    type: text('type', { enum: ['image/png', 'image/jpeg', 'image/svg+xml'] }).notNull(),
    bytes: bytes('bytes').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [...projectTenancy('brand_images', table)],
);
