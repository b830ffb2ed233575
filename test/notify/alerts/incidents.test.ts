import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { play } from './play.ts'

/** The same rules written down another way: a list of streaks. For runs that do not flap. */
function model(text: string): string[] {
  const said: string[] = []
  const streaks = [...text.matchAll(/F+|P+/g)]
  let isFiring = false
  for (const [streak, index] of streaks.map(({ 0: letters, index: at }) => [letters, at] as const)) {
    const isBad = streak.startsWith('F')
    if (streak.length < 2 || isBad === isFiring) continue
    said.push(`${isBad ? 'fired' : 'resolved'}@${index + 1}`)
    isFiring = isBad
  }
  return said.filter((each, index) => index > 0 || each.startsWith('fired'))
}

describe('10,000 incidents', () => {
  it('make each one message and one that it is over, as an independent model says', () => {
    const streak = fc.record({ bad: fc.integer({ min: 1, max: 6 }), good: fc.integer({ min: 20, max: 24 }) })
    fc.assert(
      fc.property(fc.array(streak, { minLength: 100, maxLength: 100 }), (streaks) => {
        const text = `PPP${streaks.map(({ bad, good }) => 'F'.repeat(bad) + 'P'.repeat(good)).join('')}`
        expect(play(text).said).toEqual(model(text))
      }),
      { numRuns: 100 },
    )
  })

  it('lose and double none whatever the channels take, and whichever states are written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ bad: fc.integer({ min: 2, max: 6 }), good: fc.integer({ min: 20, max: 24 }) }), {
          minLength: 3,
          maxLength: 10,
        }),
        fc.infiniteStream(fc.boolean()),
        (streaks, luck) => {
          const text = `P${streaks.map(({ bad, good }) => 'F'.repeat(bad) + 'P'.repeat(good)).join('')}`
          const { said } = play(text, { takes: () => luck.next().value })
          // A channel hears of an incident once or, where it took nothing while it lasted, never; and never of its end alone.
          for (const [index, each] of said.entries())
            expect(each).toMatch(index % 2 === 0 ? /^fired/ : /^(resolved|fired)/)
          expect(said.filter((each) => each.startsWith('fired')).length).toBeLessThanOrEqual(streaks.length)
        },
      ),
    )
  })
})
