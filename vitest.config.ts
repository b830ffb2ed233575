import { defineConfig } from 'vitest/config'

/** What takes minutes (every Postgres version, the packed package, real expiries) is named `*.long.test.ts`. */
const long = ['test/**/*.long.test.ts']

/** Those of them that measure deadlines and expiries: two at once would measure each other. */
const timed = [
  'test/{checks/celery,cli,example,faults,live,runbook,store}/**/*.long.test.ts',
  'test/{release/anywhere,release/deploy,security/leaks}.long.test.ts',
]

/** What asks real services: `npm run test:live` alone runs it (docs/live.md). */
const live = ['test/live/*.live.test.ts']

const globalSetup = ['test/servers/requirements.ts']

const longSetup = [...globalSetup, 'test/servers/postgres-versions/setup.ts']

const setupFiles = ['test/support/strange-variables.setup.ts']

export default defineConfig({
  test: {
    // Far longer than any test takes, so that a busy machine fails none: what has to be fast is measured by the benchmark.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          globalSetup,
          setupFiles,
          include: ['test/**/*.test.ts'],
          exclude: [...long, ...live, '**/node_modules/**'],
          // Most of their time is waiting for real servers.
          maxWorkers: 4,
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          globalSetup: longSetup,
          setupFiles,
          include: long,
          exclude: [...timed, '**/node_modules/**'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'timed',
          globalSetup: longSetup,
          setupFiles,
          include: timed,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: { name: 'live', globalSetup: ['test/live/guard.ts'], include: live, testTimeout: 120_000 },
      },
    ],
  },
})
