import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { celeryCodes, faultCodes, faultSentence, migrationsCodes } from '../../src/core/check.ts'
import { celerySituations } from './celery-situations.ts'
import { faultSituations } from './fault-situations.ts'
import { migrationsSituations } from './migrations-situations.ts'
import { isSameButForTimesAndIds, type Sample, sampleIn, sections, withSample } from './runbook.ts'

const page = readFileSync('docs/runbook.md', 'utf8')
const codes = ['ok', 'slow', ...faultCodes, ...migrationsCodes, ...celeryCodes]
const section = (code: string) => sections(page).get(code) ?? ''

describe('the runbook', () => {
  it('has one section for every code, and no other', () => {
    expect([...page.matchAll(/^### `(\w+)`$/gm)].map(([, code]) => code)).toEqual(codes)
  })

  it.each(codes)('says what %s means, and how it is fixed', (code) => {
    const [meaning = ''] = section(code).trim().split('\n\n')
    expect(meaning).toMatch(
      /^(All checks|`migrations`|`celery`).*(passes|fails|warns)[\s\S]*\. [A-Z][\s\S]+\.$/,
    )
    expect(section(code)).toMatch(/^\*\*Fix:\*\* \S.+/m)
  })

  it.each(codes.filter((code) => code !== 'ok'))('names a first command for %s', (code) => {
    expect(section(code)).toMatch(/^\*\*First command:\*\* \S.+/m)
  })

  it.each(codes)('shows a result with the code %s, as the long tests have it from a real check', (code) => {
    const sample = sampleIn(section(code))
    expect(sample).toMatchObject({ code, passed: sample.status !== 'fail' })
    const situation = [...faultSituations, ...migrationsSituations, ...celerySituations].find(
      (each) => each.code === code,
    )
    expect(situation?.checker).toBe(sample.checker)
  })

  it.each(faultCodes)('shows the public sentence of %s', (code) => {
    const { checker, output } = sampleIn(section(code))
    expect(output).toBe(faultSentence(checker, code))
  })

  it('links to every code from its first lines', () => {
    const [top = ''] = page.split(/^## /m)
    expect([...top.matchAll(/\(#(\w+)\)/g)].map(([, code]) => code)).toEqual(codes)
  })
})

describe('a renewed sample', () => {
  const sample: Sample = { checker: 'redis', output: 'new', passed: false, status: 'fail', code: 'timeout' }

  it('takes the place of the old one and leaves the other sections alone', () => {
    const renewed = withSample(page, sample)
    expect(sampleIn(sections(renewed).get('timeout') ?? '')).toEqual(sample)
    for (const code of codes.filter((each) => each !== 'timeout'))
      expect(sections(renewed).get(code)).toBe(section(code))
  })

  it('is refused where the page has no section for it', () => {
    expect(() => withSample('# Runbook', sample)).toThrow('no section for timeout')
  })

  it('is the same as one with other times and ids, and as no other', () => {
    const at = (ms: number, name = 'w1') => ({ ...sample, details: { workers: [{ name, ms }] } })
    expect(isSameButForTimesAndIds(at(5), at(7))).toBe(true)
    expect(isSameButForTimesAndIds(at(5), at(5, 'w2'))).toBe(false)
    const stuck = (task: string, seconds: number) => ({
      ...sample,
      details: { stuck_queues: [{ task, seconds }] },
    })
    const first = stuck('9ef6495c-0c6b-4385-a387-f4ebb7869b14', 30)
    expect(isSameButForTimesAndIds(first, stuck('f3291ea1-0deb-4367-b01c-255a56d855b4', 31))).toBe(true)
    expect(isSameButForTimesAndIds(first, stuck('another', 30))).toBe(false)
  })
})
