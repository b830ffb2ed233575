import { describe, expect, it } from 'vitest'
import { bucketsMs, keptIncidents } from '../../src/history/check-record.ts'
import {
  type History,
  incidentsOf,
  isOpen,
  keepPoints,
  keptPoints,
  knownHistory,
  maxGapMs,
  observe,
  recordOf,
} from '../../src/history/history.ts'
import type { Observation } from '../../src/history/observation.ts'
import { expectedMs, observed, start } from './arbitrary.ts'
import { all, incidents, record } from './known.ts'

describe('a history', () => {
  it('knows since when a check says what it says', () => {
    const history = all([observed(0), observed(60), observed(120, 'fail'), observed(180, 'fail')])
    expect(record(history)).toMatchObject({ since: start + 120_000, last: { status: 'fail' } })
  })

  it('counts what a check said until it is asked again, and what is too far apart not at all', () => {
    const history = all([
      observed(0),
      observed(100, 'fail'),
      observed(160, 'warn'),
      observed(170, 'pass', { isMaintenance: true }),
      observed(200),
      observed(200 + 1800),
      observed(2000 + 1801 + 1),
    ])
    const days = record(history).days
    expect(days).toEqual([{ day: days[0]?.day, pass: 1900, fail: 60, warn: 10, maintenance: 30 }])
  })

  it('splits seconds at midnight', () => {
    const midnight = Math.ceil(start / 86_400_000) * 86_400
    const seconds = midnight - Math.floor(start / 1000)
    const history = all([observed(seconds - 100), observed(seconds + 50)])
    expect(record(history).days.map(({ pass }) => pass)).toEqual([100, 50])
  })

  it('keeps an incident with its releases and its sentence, until the last bad result', () => {
    const history = all([
      observed(0),
      observed(300, 'fail', { release: 'r2' }),
      observed(600, 'fail', { release: 'r2', code: 'timeout' }),
      observed(900, 'pass', { release: 'r3' }),
    ])
    expect(incidents(history)).toEqual([
      {
        check: 'database',
        code: 'unreachable',
        output: 'database cannot be reached',
        from: start + 300_000,
        to: start + 600_000,
        releaseBefore: 'r1',
        release: 'r2',
      },
    ])
  })

  it('counts response times in buckets', () => {
    const slow = observed(1, 'pass', { responseMs: 9999 })
    expect(record(all([observed(0), slow])).histogram).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 1])
  })

  it('takes nothing that is far in the future', () => {
    expect(observe(new Map(), [observed(61)], start, expectedMs).get('database')?.latest).toEqual(undefined)
    expect(observe(new Map(), [observed(59)], start, expectedMs).get('database')?.latest).toHaveLength(1)
    expect(observe(new Map(), [observed(60)], start, expectedMs).get('database')?.latest).toHaveLength(1)
  })

  it.each(bucketsMs.map((limit, index) => [limit, index] as const))(
    'counts a response of %i ms in the bucket with this bound, and a slower one in the next',
    (limit, index) => {
      const { histogram } = record(
        all([observed(0, 'pass', { responseMs: limit }), observed(1, 'pass', { responseMs: limit + 1 })]),
      )
      expect(histogram.map((count, at) => (count > 0 ? at : -1)).filter((at) => at >= 0)).toEqual([
        index,
        index + 1,
      ])
    },
  )

  it('counts what lies exactly as far apart as two expected runs, and not a moment more', () => {
    const passed = (seconds: number) => record(all([observed(0), observed(seconds)])).days[0]?.pass
    expect(passed(1800)).toBe(1800)
    expect(passed(maxGapMs / 1000)).toBe(1800)
    expect(passed(1801)).toBeUndefined()
  })

  it('knows since when a check says what it says, also when only its code or only its status changes', () => {
    const since = (more: Partial<Observation>) =>
      record(all([observed(0), observed(60, 'pass', more), observed(120, 'pass', more)])).since - start
    expect(since({})).toBe(0)
    expect(since({ code: 'slow' })).toBe(60_000)
    expect(since({ status: 'warn' })).toBe(60_000)
  })

  it('keeps the days of 90 days, with today', () => {
    const dayMs = 86_400_000
    let history: History = new Map()
    for (const day of [0, 1, 90]) {
      const at = (seconds: number) => observed(day * 86_400 + seconds)
      history = observe(history, [at(0), at(60)], start + (day + 1) * dayMs, expectedMs)
    }
    const today = Math.floor((start + 90 * dayMs) / dayMs)
    expect(record(history).days.map(({ day, pass }) => [today - day, pass])).toEqual([
      [89, 60],
      [0, 60],
    ])
  })

  it('is the record of what is too old to be among the latest', () => {
    const list = Array.from({ length: keptPoints + 4 }, (_, index) => observed(index * 60))
    const check = all(list).get('database')
    expect(check?.latest).toEqual(list.slice(4))
    expect(check?.before.last).toEqual(list[3])
    // What comes so late that it belongs into the record is not counted.
    expect(all([observed(90, 'fail'), observed(180, 'fail')], all(list))).toEqual(all(list))
  })

  it('takes the worst of what was said at the same moment, and it once', () => {
    const list = [observed(0, 'warn'), observed(0, 'fail'), observed(0)]
    expect(all(list).get('database')?.latest).toEqual([observed(0, 'fail')])
    expect(all([observed(0, 'warn'), observed(0)]).get('database')?.latest).toEqual([observed(0, 'warn')])
  })

  it('has its checks in the order of their names', () => {
    const list = ['redis', 'celery', 'database'].map((check, index) => observed(index, 'pass', { check }))
    expect([...all(list).keys()]).toEqual(['celery', 'database', 'redis'])
  })

  it('keeps 50 checks: those that were asked last, and of the same moment the first by name', () => {
    const name = (index: number) => `check-${String(index).padStart(2, '0')}`
    const kept = (secondsOf: (index: number) => number) => [
      ...all(
        Array.from({ length: 52 }, (_, index) => observed(secondsOf(index), 'pass', { check: name(index) })),
      ).keys(),
    ]
    const names = (from: number) => Array.from({ length: 50 }, (_, index) => name(from + index))
    expect(kept((index) => index)).toEqual(names(2))
    expect(kept(() => 0)).toEqual(names(0))
    const backwards = Array.from({ length: 52 }, (_, index) =>
      observed(0, 'pass', { check: name(51 - index) }),
    )
    expect([...all(backwards).keys()]).toEqual(names(0))
  })

  it('keeps a check that was asked less than 90 days ago', () => {
    const size = (ms: number) => observe(all([observed(0)]), [], start + ms, expectedMs).size
    expect(size(90 * 86_400_000 - 1)).toBe(1)
    expect(size(90 * 86_400_000)).toBe(0)
  })

  it('with fewer of its latest results knows the same of a check', () => {
    const check = all(
      Array.from({ length: 20 }, (_, index) => observed(index * 60, index % 3 ? 'pass' : 'fail')),
    )
    const whole = check.get('database')
    if (!whole) throw new Error('the check is not known')
    const few = keepPoints(whole, 5, expectedMs)
    expect(few.latest).toEqual(whole.latest.slice(-5))
    expect(recordOf(few, expectedMs)).toEqual(recordOf(whole, expectedMs))
    // Nor do those come back that are in its record already, or belong before it.
    const again = all([observed(14 * 60), observed(30), observed(13 * 60)], new Map([['database', few]]))
    expect(again.get('database')).toEqual(few)
  })
})

describe('an incident', () => {
  it('goes on where the next bad result comes at most two minutes after the last one, also with a good one between', () => {
    const found = (seconds: number) =>
      incidents(all([observed(0, 'fail'), observed(10), observed(seconds, 'fail')]))
    expect(found(120)).toMatchObject([{ from: start, to: start + 120_000 }])
    expect(found(121)).toMatchObject([{ from: start + 121_000 }, { from: start, to: start }])
  })

  it('goes on for as long as no result between was good, however far they lie apart', () => {
    expect(incidents(all([observed(0, 'fail'), observed(5000, 'fail')]))).toMatchObject([
      { from: start, to: start + 5_000_000 },
    ])
  })

  it('of a check that was never good has no release before', () => {
    expect(incidents(all([observed(0, 'fail')]))).toMatchObject([{ releaseBefore: '', release: 'r1' }])
  })

  it('is not made by a warning', () => {
    expect(incidents(all([observed(0, 'warn')]))).toEqual([])
  })

  it('is one of at most a hundred of a check, the latest', () => {
    const list = Array.from({ length: 2 * (keptIncidents + 3) }, (_, index) =>
      observed(index * 200, index % 2 === 0 ? 'fail' : 'pass'),
    )
    const { incidents } = record(all(list))
    expect(incidents).toHaveLength(keptIncidents)
    expect(incidents[0]?.from).toBe(start + 3 * 400_000)
  })

  it('stands before older ones, and of the same moment by the name of its check', () => {
    const of = (check: string, seconds: number) => observed(seconds, 'fail', { check })
    const list = incidents(all([of('redis', 0), of('celery', 0), of('database', 60)]))
    expect(list.map(({ check }) => check)).toEqual(['database', 'celery', 'redis'])
    const backwards = ['redis', 'celery'].map((check) => record(all([of(check, 0)]), check))
    expect(incidentsOf(backwards).map(({ check }) => check)).toEqual(['celery', 'redis'])
  })

  it('is one of at most a hundred of all checks', () => {
    const records = ['celery', 'redis'].map((check) =>
      record(
        all(
          Array.from({ length: 160 }, (_, index) =>
            observed(index * 200, index % 2 === 0 ? 'fail' : 'pass', { check }),
          ),
        ),
        check,
      ),
    )
    expect(incidentsOf(records)).toHaveLength(keptIncidents)
  })
})

describe('what is known', () => {
  const list = [observed(0), observed(60, 'fail'), observed(120, 'fail')]

  it('has the records, the incidents and the latest results, and when it was read', () => {
    const known = knownHistory(all(list), expectedMs, 7)
    expect(known).toEqual({
      records: new Map([['database', record(all(list))]]),
      incidents: incidents(all(list)),
      latest: new Map([['database', list]]),
      readAt: 7,
    })
    expect(known.incidents).toHaveLength(1)
  })

  it('says that an incident is open until a good result follows it', () => {
    const isOpenAfter = (...more: Observation[]) => {
      const { records, incidents } = knownHistory(all([...list, ...more]), expectedMs, 7)
      return incidents.map((incident) => isOpen(incident, records))
    }
    expect(isOpenAfter()).toEqual([true])
    expect(isOpenAfter(observed(180))).toEqual([false])
    expect(isOpenAfter(observed(180, 'warn'))).toEqual([false])
    // The newest first: an older one is over although the check is bad again.
    expect(isOpenAfter(observed(180), observed(900, 'fail'))).toEqual([true, false])
  })

  it('says that no incident is open of a check of which nothing is known', () => {
    const [incident] = incidents(all(list))
    if (!incident) throw new Error('no incident was recorded')
    expect(isOpen(incident, new Map())).toBe(false)
  })
})
