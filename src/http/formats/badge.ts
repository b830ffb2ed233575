import type { Report } from '../../core/report.ts'

const messages = {
  pass: ['healthy', 'brightgreen'],
  warn: ['healthy, with a warning', 'yellow'],
  fail: ['unhealthy', 'red'],
} as const

/**
 * What a badge of shields.io reads (https://shields.io/badges/endpoint-badge): at most one word of each check's result, and
 * gray where that is not known. Shields keeps a badge for `cacheSeconds`, 300 at least.
 *
 * @param isKnown whether the status is known now; a report without results may also be one that hides them
 */
export function renderBadge({ status }: Report, isKnown: boolean): object {
  const [message, color] = isKnown ? messages[status] : (['no data', 'lightgrey'] as const)
  return { schemaVersion: 1, label: 'health', message, color, cacheSeconds: 300 }
}
