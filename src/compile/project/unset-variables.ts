/** What libraries ask for by themselves. */
const ofLibraries = new Set([
  'NODE_ENV',
  'NODE_DEBUG',
  'DEBUG',
  'CI',
  'TERM',
  'FORCE_COLOR',
  'NO_COLOR',
  'COLORTERM',
])

const ourFolder = new URL('.', import.meta.url).href

/**
 * Reports each environment variable that the project's code reads and that is not set: a config that throws for one often
 * does not say which.
 */
export function watchUnsetVariables(report: (name: string) => void): void {
  const reported = new Set<string>()
  process.env = new Proxy(process.env, {
    get(variables, name) {
      const value = Reflect.get(variables, name)
      if (value !== undefined || typeof name !== 'string' || reported.has(name)) return value
      if (/^[A-Z][A-Z0-9_]+$/.test(name) && !ofLibraries.has(name) && isReadByProject()) {
        reported.add(name)
        report(name)
      }
      return value
    },
  })
}

/** Whether code of the project is among the callers; a library may read for it, as validators of the environment do. */
function isReadByProject(): boolean {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 50
  const callers = new Error().stack?.split('\n').slice(1) ?? []
  Error.stackTraceLimit = stackTraceLimit
  return callers.some(
    (caller) =>
      caller.includes('/') &&
      !caller.includes('/node_modules/') &&
      !caller.includes('node:') &&
      !caller.includes(ourFolder) &&
      !caller.includes(import.meta.dirname),
  )
}
