/** Table-level locks from the weakest to the strongest (https://www.postgresql.org/docs/current/explicit-locking.html). */
const lockModes = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const

/** A mode as `pg_locks` names it. */
export type LockMode = (typeof lockModes)[number]

/** What of a table's traffic has to wait for a lock. */
export interface Waiting {
  /** SELECT: only ACCESS EXCLUSIVE stops it. */
  readonly reads: boolean
  /** INSERT, UPDATE, DELETE, MERGE: they take ROW EXCLUSIVE, with which SHARE and stronger conflict. */
  readonly writes: boolean
}

/** @throws {TypeError} for a mode that Postgres does not have */
export function toLockMode(text: string): LockMode {
  const mode = lockModes.find((known) => known === text)
  if (mode === undefined) throw new TypeError(`${text} is not a lock mode`)
  return mode
}

/** The strongest of them; undefined when there is none. */
export function strongest(modes: Iterable<LockMode>): LockMode | undefined {
  let found = -1
  for (const mode of modes) found = Math.max(found, lockModes.indexOf(mode))
  return lockModes[found]
}

/** What waits while a transaction holds a lock of this mode. */
export function waitingFor(mode: LockMode | undefined): Waiting {
  const strength = mode === undefined ? -1 : lockModes.indexOf(mode)
  return {
    reads: strength >= lockModes.indexOf('AccessExclusiveLock'),
    writes: strength >= lockModes.indexOf('ShareLock'),
  }
}
