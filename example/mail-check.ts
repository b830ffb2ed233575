import { type Check, CheckError } from '../src/core/check.ts'

/** Does the mail provider take mail? A check of the application's own. */
export function mailCheck(url: string): Check {
  return {
    name: 'mail',
    timeoutMs: 1000,
    async run({ signal }) {
      const response = await fetch(url, { signal })
      await response.body?.cancel()
      if (!response.ok) throw new CheckError('unreachable', `the provider answered ${response.status}`)
      return { status: 'pass', code: 'ok', output: 'mail ok' }
    },
  }
}
