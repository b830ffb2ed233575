import { expect, it } from 'vitest'
import { readProgress, summarize } from './summary.ts'

const text = 'const isOld = age > max\n'
const line = (status: string, replacement: string) =>
  JSON.stringify({
    fileName: '/project/src/a.ts',
    status,
    mutatorName: 'EqualityOperator',
    replacement,
    location: { start: { line: 1, column: 15 }, end: { line: 1, column: 24 } },
  })
const killed = line('Killed', 'false')
const survived = line('Survived', 'age >= max')
const survivor = 'src/a.ts: age > max => age >= max'

const summaryOf = (lines: readonly string[], accepted: readonly string[] = [], rest = '') =>
  summarize(
    'core',
    readProgress(lines.map((each) => `${each}\n`).join('') + rest, '/project'),
    accepted,
    () => text,
  )

it('passes a room in which each change was noticed', () => {
  expect(summaryOf(['{"planned":1}', killed])).toEqual({
    lines: ['core: 1 of 1 changes noticed, 1.000'],
    exitCode: 0,
  })
})

it('fails and names a change that was not noticed, unless it is accepted', () => {
  const lines = ['{"planned":13}', ...Array.from({ length: 12 }, () => killed), survived]
  expect(summaryOf(lines)).toEqual({
    lines: ['core: 12 of 13 changes noticed, 0.923', `  not noticed: ${survivor} (line 1)`],
    exitCode: 1,
  })
  expect(summaryOf(lines, [survivor])).toEqual({
    lines: ['core: 12 of 13 changes noticed, 0.923'],
    exitCode: 0,
  })
})

it('fails a low score of accepted changes only where the room was run to the end', () => {
  expect(summaryOf(['{"planned":2}', killed, survived], [survivor]).exitCode).toBe(1)
  expect(summaryOf(['{"planned":3}', killed, survived], [survivor]).exitCode).toBe(0)
})

it('says how much was not tried when it was stopped, and fails only for what was tried', () => {
  expect(summaryOf(['{"planned":3}', killed], [], '{"fileNa')).toEqual({
    lines: ['core: 1 of 1 changes noticed, 1.000', '  not tried: 2'],
    exitCode: 0,
  })
  expect(summaryOf(['{"planned":3}', survived]).exitCode).toBe(1)
  expect(summaryOf([])).toEqual({
    lines: ['core: 0 of 0 changes noticed, 1.000', '  not tried: all of them'],
    exitCode: 0,
  })
})
