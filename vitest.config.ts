import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Each test file has a process of its own and loads the same packages: they are compiled once. */
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'wardroom-compile-cache');

/** What depends on the store runs on PostgreSQL as well; what needs several processes on one database, only there. */
const ON_BOTH = [
  'test/services/core/{audit,jobs}.test.ts',
  'test/bot/{delivery,hear}.test.ts',
  'test/story/{story,kill,rollout-kill}.test.ts',
];
const ON_POSTGRES = ['test/store/**/*.test.ts'];
/** `WARDROOM_TEST_STORE=postgres npx vitest run --project postgres`: whatever opens a store, but for what is about PGlite. */
const ALL_ON_POSTGRES = process.env['WARDROOM_TEST_STORE'] === 'postgres';
const ABOUT_PGLITE = [
  'test/services/store/**',
  'test/bot/console.test.ts',
  // On PostgreSQL some of 500 at once are asked to try again: test/store/votes.test.ts.
  'test/services/approvals/many-votes.test.ts',
];

export default defineConfig({
  test: {
    // Nothing is timed by these: a machine that does other things besides is slow, not broken.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: Math.min(4, Math.max(2, availableParallelism())),
    projects: [
      {
        extends: true,
        test: { name: 'pglite', include: ['test/**/*.test.ts'], exclude: ON_POSTGRES, globalSetup: ['test/memory.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ALL_ON_POSTGRES
            ? ['test/{bot,dialogs,services,store,story}/**/*.test.ts']
            : [...ON_BOTH, ...ON_POSTGRES],
          exclude: ABOUT_PGLITE,
          globalSetup: ['test/memory.ts', 'test/postgres.ts'],
          setupFiles: ['test/postgres.setup.ts'],
        },
      },
    ],
  },
});
