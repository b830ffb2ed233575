/** The texts of the page: complete in every language, and what the operator may change. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { celeryCodes, faultCodes, migrationsCodes } from '../../../src/core/check.ts'
import { effectOf } from '../../../src/http/status-page/effect.ts'
import { firstCommandOf, firstCommands } from '../../../src/http/status-page/first-command.ts'
import { createFormat } from '../../../src/http/status-page/format.ts'
import { labelOf, meaningOf } from '../../../src/http/status-page/labels.ts'
import { renderStatusPage } from '../../../src/http/status-page/status-page.ts'
import { languages, type Texts } from '../../../src/http/status-page/texts/texts.ts'
import { sections } from '../../runbook/runbook.ts'
import { scenes } from './scenes.ts'
import { hourMs, minuteMs, now } from './scripted-log.ts'

const codes = ['slow', ...faultCodes, ...migrationsCodes, ...celeryCodes]

describe.each(Object.entries(languages))('the texts in %s', (language, texts: Texts) => {
  it.each(codes)('say what %s means for users', (code) => {
    const meaning = meaningOf(new Map(), texts, 'database', code)
    expect(meaning).toMatch(/^\p{Lu}.*\.$/u)
    const ownEffect = effectOf(code)
    expect(ownEffect && texts.effects[ownEffect]).toBe(meaning)
  })

  it('have no word of success or failure, for which monitors search', () => {
    expect(JSON.stringify(texts)).not.toMatch(/success|failure/i)
  })

  it('are all of the page', () => {
    const words = (texts: Texts) => Object.keys(texts).toSorted()
    expect(words(texts)).toEqual(words(languages.en))
    const page = renderStatusPage({
      ...scenes['outage now'](),
      options: { title: 'Tickets', labels: new Map(), logoUrl: undefined, language: language as 'en' },
    })
    expect(page).toContain(`<html lang="${language}">`)
    const others = Object.values(languages).filter((other) => other !== texts)
    for (const other of others) expect(page).not.toContain(`>${other.checks}<`)
  })
})

describe('HEALTH_LABELS', () => {
  const labels = new Map([
    ['database', 'Orders and login'],
    ['timeout', 'It takes longer.'],
    ['celery/timeout', 'E-mail is late.'],
    ['sold_out', 'Nothing is for sale.'],
  ])
  const meaning = (check: string, code: string) => meaningOf(labels, languages.en, check, code)

  it('names a check', () => {
    expect([labelOf(labels, 'database'), labelOf(labels, 'redis')]).toEqual(['Orders and login', 'redis'])
  })

  it('says what a code means, first that of one check, then that of all', () => {
    expect([meaning('celery', 'timeout'), meaning('redis', 'timeout')]).toEqual([
      'E-mail is late.',
      'It takes longer.',
    ])
    expect(meaning('redis', 'unreachable')).toBe(languages.en.effects.broken)
  })

  it('says it of a code of a custom check too, of which the page knows nothing by itself', () => {
    expect([meaning('shop', 'sold_out'), meaning('shop', 'other'), meaning('shop', 'constructor')]).toEqual([
      'Nothing is for sale.',
      undefined,
      undefined,
    ])
  })

  it('stands wherever a check is named', () => {
    const scene = scenes['outage now']()
    const label = 'E-mail & tickets'
    const page = renderStatusPage({
      ...scene,
      options: { ...scene.options, labels: new Map([['celery', label]]) },
    })
    expect(page.split('E-mail &amp; tickets').length - 1).toBe(4)
    expect(page).not.toMatch(/[>"] ?celery[<":]/)
  })
})

describe('the first command of', () => {
  const page = sections(readFileSync('docs/runbook.md', 'utf8'))
  /** Undefined where it would show what the page shows already, and where there is none. */
  const inRunbook = (code: string) =>
    /^\*\*First command:\*\* `((?!curl -H)[^`]+)`/m.exec(page.get(code) ?? '')?.[1]

  it.each(codes)('%s is that of the runbook', (code) => {
    expect(firstCommandOf('database', code)).toBe(inRunbook(code))
  })

  it('a timeout is one for Postgres alone', () => {
    expect(firstCommandOf('redis', 'timeout')).toBeUndefined()
    expect(Object.keys(firstCommands)).toHaveLength(codes.filter((code) => inRunbook(code)).length)
  })
})

describe('times', () => {
  const { duration, age, share, moment, day } = createFormat(languages.en, now)

  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [minuteMs, '1 min'],
    [59 * minuteMs + 59_000, '59 min'],
    [hourMs, '1 h'],
    [71 * minuteMs, '1 h 11 min'],
    [24 * hourMs, '1 d'],
    [51 * hourMs + 30 * minuteMs, '2 d 3 h'],
  ])('of %s ms are %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })

  it('are written in words that are read once, in UTC', () => {
    expect([moment(now), day(20_000), age(now - 90_000)]).toEqual([
      '22 Nov 2026, 10:21 UTC',
      '4 Oct',
      '1 min ago',
    ])
    const german = createFormat(languages.de, now)
    expect([german.moment(now), german.age(now - 90_000), german.share(0.99951)]).toEqual([
      '22.11.2026, 10:21 UTC',
      'vor 1 min',
      '99,95 %',
    ])
  })

  it('are never in the future, and a part is never rounded up', () => {
    expect([age(now + 5000), share(0.999999), share(1)]).toEqual(['0 s ago', '99.99 %', '100 %'])
  })
})
