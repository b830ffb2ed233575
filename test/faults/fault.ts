import type { Variables } from '../support/platforms.ts'
import type { House } from './house.ts'

/** Mends what was broken; resolves when the dependency itself works again. */
export type Mend = () => unknown

export type Wait = 'at once' | 'about 1 s' | 'after HEALTH_TIMEOUT_MS'

/** The code that each check carries. */
export interface Codes {
  readonly database: string
  readonly migrations: string
  readonly celery: string
  readonly redis: string
}

/** One thing that goes wrong, and what the function has to say to it. */
export interface Fault {
  /** What the table says. */
  readonly name: string
  readonly inject: (house: House) => Promise<Mend>
  readonly status: 200 | 503
  /** The codes that are not `ok`. A list where it depends on the moment. */
  readonly codes: { readonly [Checker in keyof Codes]?: string | readonly string[] }
  /** What the answer waits for, where its codes do not tell: a lock. */
  readonly waits?: Wait
  /** Set on instances of the function that are started for this fault alone, when it is in force. */
  readonly variables?: (house: House) => Variables
  /** Set on other instances when the fault is mended: what was wrong was the configuration. */
  readonly mendedVariables?: Variables
}

/** A check that times out takes HEALTH_TIMEOUT_MS; a worker that is silent takes CELERY_TIMEOUT_MS. */
export function waitOf({ waits, codes }: Fault): Wait {
  const is = (...some: string[]) => Object.values(codes).some((code) => some.includes(String(code)))
  if (is('timeout')) return 'after HEALTH_TIMEOUT_MS'
  return waits ?? (is('no_reply', 'silent_worker') ? 'about 1 s' : 'at once')
}

/** The same code where the database is asked. */
export const inDatabase = (code: string) => ({ database: code, migrations: code })
/** The same code where Redis is asked. */
export const inRedis = (code: string) => ({ celery: code, redis: code })
