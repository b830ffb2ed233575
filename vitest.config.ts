import { defineConfig } from 'vitest/config'

/** What takes minutes (the fault matrix, every Postgres version, real expiries) is named `*.long.test.ts`. */
const long = ['test/**/*.long.test.ts']

export default defineConfig({
  test: {
    globalSetup: ['test/servers/requirements.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: long } },
      { extends: true, test: { name: 'long', include: long, testTimeout: 300_000, hookTimeout: 300_000 } },
    ],
  },
})
