import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { languages } from '../../src/http/status-page/texts/texts.ts'

const pageOf = (environment: Record<string, string>) => readConfig(environment).statusPage
const mistakeOf = (name: string, value: string) =>
  readConfig({ [name]: value }).mistakes.find(({ variable }) => variable === name)

describe('HEALTH_LABELS', () => {
  it.each([
    ['database=Orders and login,celery=E-mail', { database: 'Orders and login', celery: 'E-mail' }],
    [' database = x ', undefined],
    ['"database= Orders , celery=Mail "', { database: 'Orders', celery: 'Mail' }],
    [
      'timeout=Orders take longer, or fail.,celery/no_workers=No mail, a=b',
      { timeout: 'Orders take longer, or fail.', 'celery/no_workers': 'No mail', a: 'b' },
    ],
    ['mail-out=a = b', { 'mail-out': 'a = b' }],
  ])('%s is %j', (value, labels) => {
    if (labels) expect(Object.fromEntries(pageOf({ HEALTH_LABELS: value }).labels)).toEqual(labels)
    else expect(mistakeOf('HEALTH_LABELS', value)?.sentence).toMatch(/expected pairs as database=/)
  })

  it.each([
    'database',
    'database=',
    '=x',
    'my database=x',
    'database=a,=b',
    'two\nlines=x',
    `a=${'x'.repeat(1000)}`,
  ])('%j is a mistake of the whole function, and changes nothing', (value) => {
    expect(mistakeOf('HEALTH_LABELS', value)).toMatchObject({ variable: 'HEALTH_LABELS' })
    expect(mistakeOf('HEALTH_LABELS', value)).not.toHaveProperty('check')
    expect(pageOf({ HEALTH_LABELS: value }).labels.size).toBe(0)
  })
})

describe('HEALTH_LOGO_URL', () => {
  it.each(['https://cdn.example/logo.svg', 'https://cdn.example:8443/a?b=c&d#e'])('may be %s', (value) => {
    expect(pageOf({ HEALTH_LOGO_URL: value }).logoUrl).toBe(value)
  })

  it.each([
    'http://cdn.example/logo.svg',
    'http://127.0.0.1/logo.svg',
    'https://me:secret@cdn.example/logo.svg',
    'https://cdn.example;script-src/logo.svg',
    "https://cdn.example/' 'unsafe-inline",
    'https://cdn.example',
    'https://cdn.example:99999/logo.svg',
    'xhttps://cdn.example/logo.svg',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)',
    '/logo.svg',
  ])('%s is a mistake', (value) => {
    expect(mistakeOf('HEALTH_LOGO_URL', value)?.sentence).toMatch(/expected the https:\/\/ URL of an image/)
    expect(pageOf({ HEALTH_LOGO_URL: value }).logoUrl).toBeUndefined()
  })
})

it('HEALTH_TITLE has at most 100 characters', () => {
  expect(pageOf({ HEALTH_TITLE: ' Tickets & more ' }).title).toBe('Tickets & more')
  expect(mistakeOf('HEALTH_TITLE', 'x'.repeat(101))?.sentence).toMatch(/at most 100 characters/)
})

it('HEALTH_LANGUAGE is one of the languages that the page has', () => {
  for (const language of Object.keys(languages)) {
    expect(pageOf({ HEALTH_LANGUAGE: language }).language).toBe(language)
  }
  expect(mistakeOf('HEALTH_LANGUAGE', 'fr')?.sentence).toMatch(/expected en or de/)
  expect(pageOf({ HEALTH_LANGUAGE: 'fr' }).language).toBe('en')
})
