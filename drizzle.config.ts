import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './db/schema/index.ts',
  out: './db/migrations',
  // Roles are made by db/migrate.ts, before the migrations that grant to them.
  entities: { roles: false },
});
