import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { drawTerminal, findDrift, pictureFile, textOf, withoutTimes } from './support/drift-picture.ts'

describe('the picture of the README', () => {
  const picture = readFileSync(pictureFile, 'utf8')

  it('says what the command prints on a database that has drifted', async () => {
    const printed = await findDrift()
    expect(withoutTimes(textOf(picture))).toBe(withoutTimes(textOf(drawTerminal(printed))))
    expect(withoutTimes(textOf(picture))).toBe(withoutTimes(printed))
  })

  it('shows the object, what is expected, what was found, and the fix', () => {
    const text = textOf(picture).join('\n')
    for (const part of ['public.ticket_types.currency', 'expected: ', 'found: ', 'fix: ALTER TABLE '])
      expect(text).toContain(part)
  })
})

describe('a drawn terminal', () => {
  it('keeps every character, also those that XML reserves', () => {
    const lines = ['$ a < b && c > d', '    fix: x', `fail ${'word '.repeat(40)}end`]
    expect(withoutTimes(textOf(drawTerminal(lines)))).toBe(withoutTimes(lines))
  })

  it('compares two runs without their times', () => {
    expect(withoutTimes(['a  12 ms  b'])).toBe(withoutTimes(['a  1.2 s   b']))
    expect(withoutTimes(['a  12 ms  b'])).not.toBe(withoutTimes(['a  12 ms  c']))
  })
})
