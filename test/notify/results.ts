import { CheckError, type FaultCode, faultSentence, type Result } from '../../src/core/check.ts'

const now = 1_795_340_472_000

export function passing(checker: string, more: Partial<Result> = {}): Result {
  const outcome = { status: 'pass', code: 'ok', output: `${checker} ok` } as const
  return { checker, ...outcome, timestamp: now, expires: now + 27_000, responseTime: 12.431, ...more }
}

export function failing(checker: string, code: FaultCode, more: Partial<Result> = {}): Result {
  return passing(checker, {
    status: 'fail',
    code,
    output: faultSentence(checker, code),
    cause: new CheckError(code, 'the connection failed', { cause: new TypeError('fetch failed') }),
    ...more,
  })
}
