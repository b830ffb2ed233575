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
