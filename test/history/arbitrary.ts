import fc from 'fast-check'
import type { Status } from '../../src/core/check.ts'
import type { Observation } from '../../src/history/observation.ts'

export const start = 1_795_340_472_531
export const expectedMs = 900_000

export const observed = (
  atSeconds: number,
  status: Status = 'pass',
  more: Partial<Observation> = {},
): Observation => ({
  check: 'database',
  at: start + atSeconds * 1000,
  status,
  code: status === 'pass' ? 'ok' : 'unreachable',
  output: status === 'pass' ? 'database ok' : 'database cannot be reached',
  responseMs: 12,
  release: 'r1',
  isMaintenance: false,
  causedBy: '',
  ...more,
})

const status = fc.constantFrom<Status>('pass', 'pass', 'warn', 'fail')

/** Observations of up to three checks within some hours. */
export const observations = (maxLength = 80) =>
  fc.array(
    fc
      .record({
        seconds: fc.integer({ min: 0, max: 40_000 }),
        status,
        check: fc.constantFrom('celery', 'database', 'redis'),
        isMaintenance: fc.boolean(),
        release: fc.constantFrom('', 'r1', 'r2'),
        responseMs: fc.nat(5000),
      })
      .map(({ seconds, status: said, ...more }) => observed(seconds, said, more)),
    { maxLength },
  )
