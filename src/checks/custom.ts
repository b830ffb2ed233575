import type { Check, CustomCheck, CustomCheckContext } from '../core/check.ts'
import { standardCheckers } from '../core/standard-checkers.ts'

const reserved: readonly string[] = [...standardCheckers, 'configuration']

/**
 * Refuses checks that have the same name or cannot run as they say, when the function is built and not when it is
 * called at night.
 *
 * @throws {TypeError} in a sentence that names the check and what to change
 */
export function validateCustomChecks(checks: readonly CustomCheck[]): void {
  const seen = new Set<string>()
  for (const { name, timeoutMs, run } of checks) {
    // What has no types may have no name, and "undefined" is a lower-case word.
    if (typeof name !== 'string' || !/^[a-z][a-z0-9_-]{0,39}$/.test(name)) {
      throw new TypeError(
        `The name of a check is a lower-case word of at most 40 characters: ${JSON.stringify(name)} is not`,
      )
    }
    if (reserved.includes(name))
      throw new TypeError(`The check ${name} ships with edge-health-check: name yours differently`)
    if (seen.has(name)) throw new TypeError(`Two checks are named ${name}: name one of them differently`)
    if (typeof run !== 'function') throw new TypeError(`The check ${name} has no function run`)
    if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs > 0))
      throw new TypeError(`The timeoutMs of the check ${name} is not a number of milliseconds above 0`)
    seen.add(name)
  }
  refuseCircles(checks)
}

/** In a circle each check would leave the notification to the next one, and none would be sent. */
function refuseCircles(checks: readonly CustomCheck[]): void {
  const dependsOn = new Map(checks.map((check) => [check.name, check.dependsOn]))
  for (const { name } of checks) {
    const passed = new Set<string>()
    for (
      let next = dependsOn.get(name);
      next !== undefined && !passed.has(next);
      next = dependsOn.get(next)
    ) {
      if (next === name) throw new TypeError(`The check ${name} depends on itself: take dependsOn from it`)
      passed.add(next)
    }
  }
}

/** The checks of the application as the run knows them, each with the variables. */
export function bindEnvironment(checks: readonly CustomCheck[], env: CustomCheckContext['env']): Check[] {
  return checks.map((check) => {
    const { name, timeoutMs, dependsOn } = check
    return {
      name,
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(dependsOn !== undefined && { dependsOn }),
      run: (context) => check.run({ ...context, env }),
    }
  })
}
