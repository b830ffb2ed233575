import type { Variables } from '../support/platforms.ts'
import type { TestEnvironment } from './test-environment.ts'

/** Mends what was broken; resolves when the server itself works again. */
export type Repair = () => unknown

/** How long an answer took, in classes, so that every run writes the same table. */
export type Wait = 'at once' | 'about 1 s' | 'about 2 s' | 'after HEALTH_TIMEOUT_MS'

/**
 * The classes share no millisecond. With the defaults a worker that is silent takes 1 s from the answer to the question,
 * a locked ledger two times 0.5 s, another locked table one of them, and a timeout 2.5 s.
 */
export function waitOf(ms: number): Wait {
  if (ms < 1000) return 'at once'
  if (ms < 1800) return 'about 1 s'
  return ms < 2400 ? 'about 2 s' : 'after HEALTH_TIMEOUT_MS'
}

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
  readonly inject: (testEnvironment: TestEnvironment) => Promise<Repair>
  readonly status: 200 | 503
  /** The codes that are not `ok`. */
  readonly codes: Partial<Codes>
  /** What the answer waits for, where its codes do not tell: a lock. */
  readonly waits?: Wait
  /** Workers lose their Redis or are dead, and find back in their own time, or have to be started again. */
  readonly disturbsWorkers?: true
  /** Set on instances of the function that are started for this fault alone, when it is in force. */
  readonly variables?: (testEnvironment: TestEnvironment) => Variables
  /** Set on other instances when the fault is repaired: what was wrong was the configuration. */
  readonly mendedVariables?: Variables
}

/** A check that times out takes HEALTH_TIMEOUT_MS; a worker that is silent takes CELERY_TIMEOUT_MS. */
export function expectedWait({ waits, codes }: Pick<Fault, 'waits' | 'codes'>): Wait {
  const is = (...some: string[]) => Object.values(codes).some((code) => some.includes(code))
  if (is('timeout')) return 'after HEALTH_TIMEOUT_MS'
  return waits ?? (is('no_reply', 'silent_worker') ? 'about 1 s' : 'at once')
}

/** The same code where the database is asked. */
export const inDatabase = (code: string) => ({ database: code, migrations: code })
/** The same code where Redis is asked. */
export const inRedis = (code: string) => ({ celery: code, redis: code })
