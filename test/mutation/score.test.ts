import { expect, it } from 'vitest'
import { type Mutant, survivorsOf, tally } from './score.ts'

const mutant = (status: string, line: number, from: number, to: number, replacement: string): Mutant => ({
  status,
  mutatorName: 'EqualityOperator',
  replacement,
  location: { start: { line, column: from }, end: { line, column: to } },
})

it('counts what a test noticed and what ran for ever, and leaves out what could not be tried', () => {
  const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'RuntimeError']
  expect(tally(statuses.map((status) => mutant(status, 1, 1, 2, '')))).toEqual({ noticed: 2, all: 4 })
})

it('names a change that was not noticed by what it changes, with its line apart', () => {
  const text = 'const one = 1\nconst isOld = age > max\n'
  const mutants = [mutant('Survived', 2, 15, 24, 'age >= max'), mutant('Killed', 1, 13, 14, '2')]
  expect(survivorsOf('src/a.ts', mutants, text)).toEqual([
    { change: 'src/a.ts: age > max => age >= max', line: 2 },
  ])
})

it('names a change of several lines in one', () => {
  const text = 'if (isOld) {\n  forget()\n}\n'
  const [survivor] = survivorsOf(
    'src/a.ts',
    [
      {
        status: 'NoCoverage',
        mutatorName: 'BlockStatement',
        replacement: '{}',
        location: { start: { line: 1, column: 12 }, end: { line: 3, column: 2 } },
      },
    ],
    text,
  )
  expect(survivor).toEqual({ change: 'src/a.ts: { forget() } => {}', line: 1 })
})
