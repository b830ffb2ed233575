import type { Difference } from '../comparison/diff-catalog.ts'
import { type Severity, severityOf } from './severity.ts'

export type SeverityOf = (difference: Difference) => Severity

/**
 * The policy with the findings that only warn here, as MIGRATIONS_WARN says.
 *
 * @param patterns `index`, `extra` or `index:missing`
 * @example
 * createSeverityOf(['index'])(missingIndex) // 'warn'
 */
export function createSeverityOf(patterns: readonly string[]): SeverityOf {
  const lowered = new Set(patterns)
  if (lowered.size === 0) return severityOf
  const isLowered = ({ kind, difference }: Difference) =>
    [kind, difference, `${kind}:${difference}`].some((pattern) => lowered.has(pattern))
  return (difference) => {
    const severity = severityOf(difference)
    return severity === 'fail' && isLowered(difference) ? 'warn' : severity
  }
}
