import type { AppOptions } from '../../src/http/app.ts'
import { fakeClock } from './fake-clock.ts'

/** What answers requests in a test: nothing is known, nothing may be asked, and a bug is thrown. */
export function appOptions(more: Partial<AppOptions> = {}): AppOptions {
  return {
    clock: fakeClock(),
    checkers: ['redis'],
    token: undefined,
    visibility: 'results',
    ohDearSecret: undefined,
    history: undefined,
    maintenance: () => [],
    statusPage: { title: undefined, labels: new Map(), logoUrl: undefined, language: 'en' },
    failedStatus: 503,
    deadlineMs: 3500,
    lastResults: async () => [],
    async results() {
      throw new Error('a dependency was asked')
    },
    onBug(error) {
      throw error
    },
    ...more,
  }
}
