import type { AppOptions } from '../../src/http/app.ts'
import { appOf } from '../support/app-of.ts'
import { appOptions } from '../support/app-options.ts'
import { eventful } from './formats/histories.ts'
import { mixed } from './formats/reports.ts'

export const token = 'a-token-of-the-tests'

/** An app that knows results and a history, and counts how often they are read. Asking a dependency throws. */
export function appThatKnows(release: string, more: Partial<AppOptions> = {}) {
  const read = { results: 0, history: 0 }
  const answering = appOptions({
    checkers: ['database', 'migrations', 'redis'],
    token,
    async lastResults() {
      read.results += 1
      return mixed.results
    },
    async history() {
      read.history += 1
      return eventful
    },
    ...more,
  })
  const context = { arrivedAt: 0, hostname: 'health-check/fra', release, waitUntil: () => {} }
  const app = appOf({ answering })
  return {
    read,
    send: (path: string, init: RequestInit) =>
      app.request(`https://health.example/health-check/${path}`, init, context),
  }
}
