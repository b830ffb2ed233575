import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { waitOf } from './fault.ts'
import { faultPage, type Observed, readmeWith } from './table.ts'

const observed: Observed = {
  fault: { name: 'a new fault', status: 503, codes: {}, inject: async () => () => {} },
  status: 503,
  codes: { database: 'timeout', migrations: 'timeout', celery: 'ok', redis: 'ok' },
  wait: 'at once',
}
const row = '| a new fault | 503 | timeout | timeout | ok | ok | at once |'

describe('the time of an answer', () => {
  it.each([
    [50, 'at once'],
    [999, 'at once'],
    [1000, 'about 1 s'],
    [1799, 'about 1 s'],
    [2200, 'about 2 s'],
    [2400, 'after HEALTH_TIMEOUT_MS'],
  ])('of %d ms is written as %s', (ms, wait) => {
    expect(waitOf(ms)).toBe(wait)
  })
})

describe('the table', () => {
  it('shows the time that was observed', () => {
    expect(faultPage([observed])).toContain(`\n${row}\n`)
    expect(faultPage([{ ...observed, wait: 'about 2 s' }])).not.toContain(row)
  })

  it('gives the README the number of its lines, and changes nothing else there', () => {
    const readme = readFileSync('README.md', 'utf8')
    const renewed = readmeWith([observed, observed, observed], readme)
    expect(renewed).toContain('[3 faults](docs/faults.md)')
    const place = /\[\d+ faults\]/
    expect(renewed.split(place)).toEqual(readme.split(place))
  })

  it('is not renewed in a README that does not name it', () => {
    expect(() => readmeWith([observed], '# README')).toThrow('no [… faults](docs/faults.md)')
  })
})
