import { expect, it } from 'vitest'
import { untilReadyQuiet } from '../../src/dev/quiet-output.ts'

function recorder() {
  const printed: string[] = []
  return { printed, talk: untilReadyQuiet((line) => printed.push(line)) }
}

it('holds back what wrangler says about itself and passes on what it warns of', () => {
  const { printed, talk } = recorder()
  talk.onLine('Your Worker has access to', 'stdout')
  talk.onLine('[WARNING] careful', 'stderr')
  talk.forget()
  talk.onLine('  ', 'stdout')
  talk.onLine('GET / 200', 'stdout')
  expect(printed).toEqual(['[WARNING] careful', 'GET / 200'])
})

it('tells everything as soon as there is an error', () => {
  const { printed, talk } = recorder()
  talk.onLine('[custom build] 0003_wrong.sql: syntax error', 'stdout')
  talk.onLine('[ERROR] Running custom build failed', 'stderr')
  talk.onLine('Watching for changes', 'stdout')
  expect(printed).toEqual([
    '[custom build] 0003_wrong.sql: syntax error',
    '[ERROR] Running custom build failed',
    'Watching for changes',
  ])
})

it('passes on what the Worker logs before it is ready', () => {
  const { printed, talk } = recorder()
  const logged = '{"message":"HEALTH_TOKEN: expected at least 16 characters","level":"error"}'
  talk.onLine('Your Worker has access to', 'stdout')
  talk.onLine(logged, 'stdout')
  talk.onLine('{ not JSON', 'stdout')
  talk.onLine('{"name":"not a log line"}', 'stdout')
  talk.forget()
  expect(printed).toEqual([logged])
})

it('leaves out that cron triggers do not fire by themselves, and nothing after it', () => {
  const { printed, talk } = recorder()
  talk.onLine(
    '▲ [WARNING] Scheduled Workers are not automatically triggered during local development.',
    'stderr',
  )
  talk.onLine('  To manually trigger a scheduled event, run:', 'stderr')
  talk.onLine('    curl "http://127.0.0.1:8787/cdn-cgi/local/scheduled"', 'stderr')
  talk.onLine('▲ [WARNING] careful', 'stderr')
  talk.onLine('  of this', 'stderr')
  expect(printed).toEqual(['▲ [WARNING] careful', '  of this'])
})
