import { defineConfig } from 'vitest/config'

/** What takes minutes (the fault matrix, every Postgres version, real expiries) is named `*.long.test.ts`. */
const long = ['test/**/*.long.test.ts']

/** What asks real services: `npm run test:live` alone runs it (docs/live.md). */
const live = ['test/live/*.live.test.ts']

const globalSetup = ['test/servers/requirements.ts']

const setupFiles = ['test/support/strange-variables.setup.ts']

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // On a machine that is busy with something else a real server can be starved once; a defect fails again.
    retry: process.env['CI'] ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          globalSetup,
          setupFiles,
          include: ['test/**/*.test.ts'],
          exclude: [...long, ...live],
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          globalSetup,
          setupFiles,
          include: long,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // They measure deadlines: two at once would measure each other.
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: { name: 'live', globalSetup: ['test/live/guard.ts'], include: live, testTimeout: 120_000 },
      },
    ],
  },
})
