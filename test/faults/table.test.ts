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

  it('takes its place in the README, with the number of its lines', () => {
    const readme = readFileSync('README.md', 'utf8')
    const renewed = readmeWith([observed], readme)
    expect(renewed).toContain(`\n${row}\n\n</details>`)
    expect(renewed).toContain('<summary>1 faults, and')
    expect(renewed).not.toContain('| Postgres stopped |')
    const [before, after] = [
      readme.split('<summary>')[0] ?? 'no',
      readme.split('everything frozen')[1] ?? 'no',
    ]
    expect(renewed.startsWith(before)).toBe(true)
    expect(renewed.endsWith(after.slice(after.indexOf('\n')))).toBe(true)
  })

  it('is not written into a README that has no place for it', () => {
    expect(() => readmeWith([observed], '# README')).toThrow('no <!-- docs/faults.md -->')
  })
})
