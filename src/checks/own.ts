import type { Check } from '../check.ts'
import { standardCheckers } from '../config.ts'

const reserved: readonly string[] = [...standardCheckers, 'configuration']

/**
 * Refuses checks that could not be told apart, when the function is built and not when it is called at night.
 *
 * @throws {TypeError} in a sentence that names the check and what to change
 */
export function validateOwnChecks(checks: readonly Check[]): void {
  const seen = new Set<string>()
  for (const { name, run } of checks) {
    if (!/^[a-z][a-z0-9_-]{0,39}$/.test(name)) {
      throw new TypeError(
        `The name of a check is a lower-case word of at most 40 characters: ${JSON.stringify(name)} is not`,
      )
    }
    if (reserved.includes(name))
      throw new TypeError(`The check ${name} ships with edge-health-check: name yours otherwise`)
    if (seen.has(name)) throw new TypeError(`Two checks are named ${name}: name one of them otherwise`)
    if (typeof run !== 'function') throw new TypeError(`The check ${name} has no function run`)
    seen.add(name)
  }
}
