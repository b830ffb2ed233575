/** What decides without asking anything, and the tests beside it. */
export interface Room {
  readonly name: string
  /** Patterns of the files that are changed. */
  readonly source: readonly string[]
  /** Patterns of the tests that have to notice. */
  readonly tests: readonly string[]
}

const migrations = 'checks/migrations'

export const rooms: readonly Room[] = [
  room('core', ['core/**/*.ts'], ['core/**/*.test.ts']),
  room('http', ['http/**/*.ts'], ['http/**/*.test.ts']),
  room('config', ['config/**/*.ts'], ['config/**/*.test.ts', 'configured-checks.test.ts']),
  room('history', ['history/**/*.ts'], ['history/**/*.test.ts']),
  room(
    'alerts',
    ['notify/alerts/{message,rules}.ts', 'notify/excerpt.ts'],
    ['notify/alerts/*.test.ts', 'notify/excerpt.test.ts'],
  ),
  room(
    'celery',
    ['checks/celery/{hints,inspect,keys,messages,queues,replies,verdict}.ts'],
    ['checks/celery/{inspect,keys,messages,replies,verdict}.test.ts'],
  ),
  room(
    'migrations',
    [`${migrations}/outcome.ts`, `${migrations}/{comparison,findings}/**/*.ts`],
    [
      `${migrations}/outcome.test.ts`,
      `${migrations}/mutations.test.ts`,
      `${migrations}/{comparison,findings}/*.test.ts`,
    ],
  ),
  room(
    'faults',
    ['clients/{http-status,postgres-fault,postgres-rules,redis-fault,session-fault,redis-session-fault}.ts'],
    ['clients/{postgres-fault,redis-fault,session-faults}.test.ts'],
  ),
  room('smoke', ['cli/smoke/{answer,verdict}.ts'], ['cli/smoke/verdict.test.ts']),
]

function room(name: string, source: readonly string[], tests: readonly string[]): Room {
  return {
    name,
    source: source.map((pattern) => `src/${pattern}`),
    tests: tests.map((pattern) => `test/${pattern}`),
  }
}
