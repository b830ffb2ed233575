import { defineConfig } from 'vitest/config'

/** The tests of one room, as `run.ts` names them. */
export default defineConfig({
  test: {
    include: (process.env['MUTATION_TESTS'] ?? '').split('\n'),
    exclude: ['**/*.long.test.ts'],
    setupFiles: ['test/support/strange-variables.setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
