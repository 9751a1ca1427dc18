import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    globalSetup: ['server/testing/cluster.ts'],
    // Modules hold no state that a test leaves behind, and loading them anew for each file took
    // longer than most of the tests.
    isolate: false,
    // What a hang is, not what is slow: machines differ by much, and take turns with others.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'inside',
          include: ['{app,bench,components,db,server}/**/*.test.ts'],
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 1 },
        },
      },
      {
        // A server, a database and a browser each: one after the other, or they wait for the machine.
        extends: true,
        test: {
          name: 'outside',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 180_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
