import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    include: ['{components,server,db,bench,e2e}/**/*.test.ts'],
    globalSetup: ['server/testing/cluster.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
