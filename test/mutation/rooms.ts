/** What decides without asking anything, and the tests beside it. */
export interface Room {
  readonly name: string
  /** Patterns of the files that are changed. */
  readonly source: readonly string[]
  /** Patterns of the tests that have to notice. */
  readonly tests: readonly string[]
}

const migrations = 'checks/migrations'
const historyTests = 'history/{check-record,history,observation,uptime}.test.ts'
const findings = `${migrations}/findings`

/** Each small enough that it ends in minutes; what a wrong verdict would harm most comes first. */
export const rooms: readonly Room[] = [
  room(
    'core-verdict',
    ['core/{check,outcome,report,error-code,finding-kinds,next-step,run,scrubbed-run,ask-within}.ts'],
    ['core/{ask-within,check,error-code,finding-kinds,next-step,outcome,report,run,scrubbed-run}.test.ts'],
  ),
  room(
    'core-cache',
    ['core/cache/*.ts', 'core/{schedule,throttle}.ts'],
    ['core/cache/{cache,depends-on,last,shared}.test.ts', 'core/{schedule,throttle}.test.ts'],
  ),
  room(
    'core-secrets',
    ['core/{scrub,secret-patterns,verbatim,guards,is-loopback,is-record,wildcard,thrown-text}.ts'],
    ['core/{scrub,secret-patterns,verbatim,guards,is-loopback,is-record,wildcard,thrown-text}.test.ts'],
  ),
  // Without the tests of 90 days and of random histories and incidents, which take seconds for each change.
  room('history-record', ['history/{check-record,observation,uptime}.ts'], [historyTests]),
  room('history-merge', ['history/history.ts'], ['history/history.test.ts']),
  room('history-file', ['history/encode.ts'], ['history/encode.test.ts']),
  room(
    'store',
    [
      'store/{asker,availability,history-reader,history-text,known-results}.ts',
      'store/{recorder,replace,server-time,set-new,shared-snapshot,snapshot}.ts',
    ],
    [
      'store/{alerts,asker,availability,clocks,history,history-reader}.test.ts',
      'store/{isolates,known-results,overwritten,replace,server-time,snapshot}.test.ts',
    ],
  ),
  room('alerts-rules', ['notify/alerts/{rules,state}.ts'], ['notify/alerts/{rules,state}.test.ts']),
  room(
    'alerts-words',
    ['notify/alerts/{findings,message}.ts', 'notify/excerpt.ts'],
    ['notify/alerts/{findings,message}.test.ts', 'notify/excerpt.test.ts'],
  ),
  room('alerts-sending', ['notify/alerts/alerting.ts'], ['notify/alerts/{alerting,channels}.test.ts']),
  room('migrations-outcome', [`${migrations}/outcome.ts`], [`${migrations}/outcome.test.ts`]),
  room(
    'migrations-comparison',
    [
      `${migrations}/comparison/{diff-catalog,diff-migrations-table,ignored,made-for-rows,next-migrate,not-comparable,required-by-domain}.ts`,
    ],
    [`${migrations}/comparison/*.test.ts`],
  ),
  // On real servers, some seconds for each change.
  room(
    'migrations-asking',
    [`${migrations}/comparison/compare.ts`],
    [`${migrations}/comparison/compare.test.ts`, `${migrations}/check.test.ts`],
  ),
  room(
    'migrations-findings',
    [`${findings}/{effect,finding,known-owners,lowered-severity,object-name,severity,too-early}.ts`],
    [`${findings}/{finding,known-owners,lowered-severity,object-name,severity,too-early}.test.ts`],
  ),
  room(
    'migrations-fixes',
    [`${findings}/fixes/*.ts`, `${findings}/fix.ts`],
    [`${findings}/{comes-first,fix,fix-kinds,fix-near-misses,fix-renames,fix-routines,plan-fixes}.test.ts`],
  ),
  room(
    'gate-judging',
    ['gate/judge/{finding,held-locks,inserted-rows,judge,works}.ts'],
    ['gate/judge/{inserted-rows,judge,locks,several,works}.test.ts'],
  ),
  room(
    'gate-words',
    ['gate/judge/{thresholds,words}.ts', 'gate/allow.ts'],
    ['gate/judge/{judge,thresholds,words,works}.test.ts', 'gate/allow.test.ts'],
  ),
  // On real servers, some seconds for each change.
  room(
    'gate-deploy',
    [
      'gate/judge/{safer,safer-for-parts}.ts',
      'gate/{judge-measured,already-there,deploy-findings,report}.ts',
    ],
    [
      'gate/judge/{safer,safer-words}.test.ts',
      'gate/{already-there,deploy-findings,judge-measured,outages}.test.ts',
    ],
  ),
  // On an embedded Postgres, some seconds for each change.
  room(
    'gate-pending',
    [
      'gate/pending/{decides-by-rows,outside,problems,required-columns,statement,table-name}.ts',
      'gate/{lock-timeout,newer-syntax}.ts',
      'gate/measure/effect.ts',
    ],
    ['gate/pending/*.test.ts', 'gate/lock-timeout.test.ts'],
  ),
  room(
    'gate-compatibility',
    ['gate/compatibility/{attribute,compare,rights}.ts'],
    ['gate/compatibility/changes.test.ts'],
  ),
  // On an embedded Postgres, some seconds for each change.
  room(
    'gate-catalog',
    ['gate/compatibility/{catalog,catalog-query,rights-query}.ts'],
    ['gate/compatibility/{catalog,compare}.test.ts'],
  ),
  room(
    'celery',
    ['checks/celery/{hints,inspect,keys,messages,queues,replies,verdict}.ts'],
    ['checks/celery/{inspect,keys,messages,queues,replies,verdict}.test.ts'],
  ),
  room('http-answers', ['http/*.ts'], ['http/*.test.ts', 'http/formats/formats.test.ts']),
  // Without the tests that start a parser of Python for each change.
  room(
    'http-formats',
    ['http/formats/*.ts'],
    ['http/formats/{formats,health-json,history-json,oh-dear,statuspage,whole}.test.ts'],
  ),
  // Without the style and the words of the languages.
  room(
    'http-page',
    [
      'http/status-page/{check-view,day-bars,effect,first-command,format,labels,page,response-chart,shapes,status-page}.ts',
      'http/status-page/parts/*.ts',
    ],
    ['http/status-page/{day-bars,response-chart,status-page}.test.ts'],
  ),
  room('config', ['config/*.ts'], ['config/*.test.ts', 'configured-checks.test.ts']),
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
