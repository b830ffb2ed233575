import type { Result, Status } from '../../../src/core/check.ts'
import { type Report, toReport } from '../../../src/core/report.ts'

export const now = Date.UTC(2026, 10, 22, 10, 21, 12, 531)

export function resultOf(checker: string, status: Status = 'pass', more: Partial<Result> = {}): Result {
  return {
    checker,
    status,
    code: status === 'pass' ? 'ok' : 'slow',
    output: status === 'pass' ? `${checker} ok` : `${checker} answers slowly`,
    timestamp: now - 29,
    expires: now + 26_971,
    responseTime: 12.4314,
    ...more,
  }
}

export function reportOf(...results: Result[]): Report {
  return toReport(results, { hostname: 'health-check/fra', release: '4f2a91c' }, now)
}

export const mixed = reportOf(
  resultOf('database', 'pass', { details: { server_version: '18.0' } }),
  resultOf('migrations', 'fail', { code: 'drift', output: '1 difference from the migrations' }),
  resultOf('redis', 'warn'),
)
