import { expect, it } from 'vitest'
import { bucketsMs, keptDays, keptIncidents } from '../../src/history/check-record.ts'
import { decodeHistory, encodeHistory, maxHistoryBytes } from '../../src/history/encode.ts'
import { type History, keptPoints, observe } from '../../src/history/history.ts'
import { expectedMs, observed, start } from './arbitrary.ts'
import { all } from './known.ts'

it.each(['', '[', 'null', '[2,[],[],null]', '[1,[],[["a"]],null]', '[1,[],{},null]', 'x'.repeat(50_000)])(
  '%.20s is not a history',
  (text) => {
    expect(decodeHistory(text)).toBeUndefined()
  },
)

const bytesOf = (text: string) => new TextEncoder().encode(text).byteLength
const written = (history: History, rest?: unknown) => encodeHistory(history, expectedMs, rest)
const one = () =>
  all([
    observed(0),
    observed(60, 'warn', { code: 'slow', isMaintenance: true }),
    observed(120, 'fail', { release: 'r2', causedBy: 'redis', responseMs: 3000 }),
    observed(180, 'pass', { isMaintenance: true }),
    observed(240, 'fail', { isMaintenance: true, release: '' }),
  ])
/** As many results as are kept, and some that only the record has: a day, an incident and response times. */
const long = () =>
  all(
    Array.from({ length: keptPoints + 20 }, (_, index) => observed(index * 200, index % 9 ? 'pass' : 'fail')),
  )

it.each([
  ['few results of every kind', one()],
  ['more results than are kept', long()],
  ['nothing', new Map()],
])('what is written is read: %s', (_, history) => {
  expect(decodeHistory(written(history))).toEqual({ history, rest: null })
  expect(decodeHistory(written(history, { any: 'thing' }))?.rest).toEqual({ any: 'thing' })
})

it('a text stands in it once', () => {
  expect(written(long()).split('database cannot be reached')).toHaveLength(2)
  const [, texts] = JSON.parse(written(long()))
  expect(new Set(texts).size).toBe(texts.length)
})

it.each<[string, (rows: unknown[]) => unknown]>([
  ['is of another version', ([, ...rows]) => [2, ...rows]],
  ['lacks what is kept beside it', (rows) => rows.slice(0, 3)],
  ['has texts that are none', ([version, , ...rows]) => [version, [7], ...rows]],
  ['has a text of more than 400 characters', ([version, , ...rows]) => [version, ['x'.repeat(401)], ...rows]],
  ['has checks that are not a list', ([version, texts, , rest]) => [version, texts, {}, rest]],
])('a history that %s is not read', (_, change) => {
  const rows = JSON.parse(written(long()))
  expect(decodeHistory(JSON.stringify(rows))).toBeDefined()
  expect(decodeHistory(JSON.stringify(change(rows)))).toBeUndefined()
})

it.each<[string, number, (part: never) => unknown]>([
  ['a name that is not a text', 0, () => 7],
  ['results that are not a list', 1, () => null],
  ['a result with too few numbers', 1, ([first, ...more]: number[][]) => [first?.slice(1), ...more]],
  [
    'a result with a fraction',
    1,
    ([first, ...more]: number[][]) => [[0.5, ...(first ?? []).slice(1)], ...more],
  ],
  ['a last result that is none', 2, () => []],
  ['a beginning before 1970', 3, () => -1],
  ['a day with too few numbers', 4, () => [[1, 2, 3, 4]]],
  ['a histogram of another length', 5, (histogram: number[]) => histogram.slice(1)],
  ['a histogram of texts', 5, (histogram: number[]) => histogram.map(String)],
  ['an incident with too few numbers', 6, () => [[1, 2, 3, 4, 5]]],
])('a check with %s is not read', (_, index, change) => {
  const rows = JSON.parse(written(long()))
  rows[2][0][index] = change(rows[2][0][index] as never)
  expect(decodeHistory(JSON.stringify(rows))).toBeUndefined()
})

it('a text of 400 characters is read, and a text that is not there is empty', () => {
  const output = 'x'.repeat(400)
  const history = all([observed(0, 'pass', { output })])
  const text = written(history)
  expect(decodeHistory(text)?.history).toEqual(history)
  const rows = JSON.parse(text)
  rows[1] = []
  expect(decodeHistory(JSON.stringify(rows))?.history.get('database')?.latest[0]).toMatchObject({
    code: '',
    output: '',
    release: '',
    causedBy: '',
  })
})

it('a text of the largest size is read, and a byte more is not', () => {
  const padded = (bytes: number) => {
    const text = written(one(), '')
    return written(one(), 'x'.repeat(bytes - bytesOf(text)))
  }
  expect(bytesOf(padded(maxHistoryBytes))).toBe(maxHistoryBytes)
  expect(decodeHistory(padded(maxHistoryBytes))?.history).toEqual(one())
  expect(decodeHistory(`${padded(maxHistoryBytes)} `)).toBeUndefined()
})

/** Checks with all that can be kept, as 90 days of trouble leave it. */
function full(checks: number): History {
  const list = Array.from({ length: keptPoints }, (_, index) => observed(index * 60))
  const today = Math.floor(start / 86_400_000)
  return new Map(
    Array.from({ length: checks }, (_, index) => {
      const check = `check-${String(index).padStart(2, '0')}`
      const latest = list.map((each) => ({ ...each, check }))
      const before = {
        last: { ...observed(-60), check },
        since: start - 60_000,
        days: Array.from({ length: keptDays }, (_each, day) => ({
          day: today - keptDays + day,
          pass: 80_000,
          warn: 0,
          fail: 100,
          maintenance: 0,
        })),
        histogram: Array.from({ length: bucketsMs.length + 1 }, () => 9),
        incidents: Array.from({ length: keptIncidents }, (_each, at) => ({
          check,
          code: 'unreachable',
          output: 'database cannot be reached',
          from: start - 1_000_000_000 + at * 1_000_000,
          to: start - 999_900_000 + at * 1_000_000,
          releaseBefore: 'r1',
          release: 'r1',
        })),
      }
      return [check, { latest, before }]
    }),
  )
}

it('the less room there is, the fewer results, days and incidents are kept', () => {
  const history = full(1)
  const size = bytesOf(written(history, ''))
  const seen = new Set<string>()
  for (let room = size; room > 400; room -= 100) {
    const text = written(history, 'x'.repeat(maxHistoryBytes - room))
    expect(bytesOf(text)).toBeLessThanOrEqual(maxHistoryBytes)
    const check = decodeHistory(text)?.history.get('check-00')
    seen.add([check?.latest.length, check?.before.days.length, check?.before.incidents.length].join(' '))
  }
  expect([...seen]).toEqual(['96 90 100', '48 90 100', '48 45 50', '24 23 25', '10 9 10', '2 2 2'])
})

it('what is left out are the oldest results, which go into the record, the oldest days and the oldest incidents', () => {
  const history = full(12)
  const whole = history.get('check-00')
  const read = decodeHistory(written(history))?.history.get('check-00')
  expect(read?.latest).toEqual(whole?.latest.slice(-24))
  expect(read?.before.last).toEqual(whole?.latest.at(-25))
  expect(read?.before.incidents).toEqual(whole?.before.incidents.slice(-25))
  expect(read?.before.days.at(-1)?.day).toBe(Math.floor(start / 86_400_000))
})

it('what is kept beside it stays where no history fits at all', () => {
  const rest = 'x'.repeat(maxHistoryBytes - 30)
  expect(decodeHistory(written(full(1), rest))).toEqual({ history: new Map(), rest })
})

it('of another expected distance the record is another one: what lies too far apart is not known', () => {
  const history = observe(
    new Map(),
    Array.from({ length: keptPoints }, (_, index) =>
      observed(index * 1000, 'pass', { output: 'x'.repeat(390) }),
    ),
    start + 200_000_000,
    expectedMs,
  )
  const rest = 'x'.repeat(maxHistoryBytes - 3000)
  const passed = (expected: number) =>
    decodeHistory(encodeHistory(history, expected, rest))?.history.get('database')?.before.days[0]?.pass
  expect(passed(expectedMs)).toBeGreaterThan(1000)
  expect(passed(400_000)).toBeUndefined()
})
