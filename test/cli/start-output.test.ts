import { expect, test } from 'vitest'
import { withoutErrorDumps } from '../../src/cli/start/error-dump.ts'
import { reportBuilds } from '../../src/cli/start/report-builds.ts'

test('of a failed build the fields of wrangler’s error are left out, and nothing else', () => {
  const printed: string[] = []
  const onLine = withoutErrorDumps((line) => printed.push(line))
  // As wrangler 4.155 prints it.
  const dump = `[custom build] tsc: a.ts(1,1): error TS2304
✘ [ERROR] k [Error]: Process exited with non-zero status (1)
      at I2._waitForOutput (/project/node_modules/wrangler/wrangler-dist/cli.js:162735:98) {
    result: I {
      _process: ChildProcess {
        stdio: [Array],
      },
    },
    output: {
      exitCode: 1
    }
  }
✘ [ERROR] Running custom build \`tsc\` failed. There are likely more logs from your build command above.`
  for (const line of dump.split('\n')) onLine(line, line.startsWith('[custom') ? 'stdout' : 'stderr')
  onLine('GET / 200', 'stdout')
  expect(printed).toEqual([
    '[custom build] tsc: a.ts(1,1): error TS2304',
    '✘ [ERROR] Running custom build `tsc` failed. There are likely more logs from your build command above.',
    'GET / 200',
  ])
})

test('a broken migration is said once until the next good build', () => {
  const printed: string[] = []
  const report = reportBuilds((line) => printed.push(line))
  const fromBuild = '[custom build] The last build is still served: 0001.sql cannot be applied: no.'
  const fromDatabase =
    'The migrations changed and cannot be applied to the embedded Postgres. 0001.sql cannot be applied: no.\n  create tabel'
  report(fromDatabase)
  report(fromBuild)
  report(fromBuild)
  report('GET / 200')
  report('[custom build] .edge-health/expected.json written: 1 migration')
  report(fromBuild)
  expect(printed).toEqual([
    '0001.sql cannot be applied: no. Until it is repaired, everything goes on as before.',
    'GET / 200',
    '[custom build] .edge-health/expected.json written: 1 migration',
    '0001.sql cannot be applied: no. Until it is repaired, everything goes on as before.',
  ])
})
