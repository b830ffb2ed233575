import { describe, expect, it } from 'vitest'
import { refusalOfProject, refusalOfSchema } from '../../src/release/refusal.ts'

describe('a deploy', () => {
  it.each([undefined, '', '  '])('is refused when DRIZZLE_CONFIG is %j', (drizzleConfig) => {
    expect(refusalOfProject(drizzleConfig)).toMatch(/^No migrations are named: set DRIZZLE_CONFIG/)
  })

  it('is not refused when migrations are named and hold all that the models have', () => {
    expect(refusalOfProject('drizzle.config.ts')).toBeUndefined()
    expect(refusalOfSchema({ models: { state: 'in_line' } })).toBeUndefined()
    expect(refusalOfSchema({ models: { state: 'not_compared', reason: 'none named' } })).toBeUndefined()
  })

  it('is refused when the models are ahead, and says by what and how to go on', () => {
    expect(refusalOfSchema({ models: { state: 'ahead', names: ['orders.note', 'refunds'] } })).toBe(
      'The models are ahead of the migrations (orders.note, refunds): run `drizzle-kit generate` and commit the migration, or deploy with --force.',
    )
    expect(refusalOfSchema({ models: { state: 'ahead', names: ['a'] }, unlisted: ['0002_a.sql'] })).toMatch(
      /\(a\): see first whether a file that the journal does not name makes it \(0002_a\.sql\)/,
    )
    const names = Array.from({ length: 12 }, (_, index) => `table_${index}`)
    expect(refusalOfSchema({ models: { state: 'ahead', names } })).toContain('table_9 and 2 more)')
  })
})
