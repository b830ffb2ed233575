import type { ApplicationOptions, HealthCheckOptions } from './application.ts'

/** The same symbol in every copy of this package: the command and the entry file need not have the same one. */
const key = Symbol.for('edge-health-check.options')

/** Lets `edge-health check --entry` find what an entry was made with. Returns `made`. */
export function keepOptions<T extends object>(made: T, options: ApplicationOptions): T {
  return Object.defineProperty(made, key, { value: options })
}

/** What an export of an entry file was made with; undefined when none of the functions of this package made it. */
export function optionsOf(exported: unknown): HealthCheckOptions | undefined {
  if ((typeof exported !== 'object' && typeof exported !== 'function') || exported === null) return undefined
  return Reflect.get(exported, key)
}
