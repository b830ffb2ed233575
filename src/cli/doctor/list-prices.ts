/**
 * What the providers ask, in US dollars, as their pages said it. The only place for prices: change them here.
 * @module
 */

/** The day on which the pages were read. */
export const pricesOf = '2026-11-22'

/**
 * Neon: https://neon.com/docs/introduction/plans (a CU-hour is one compute unit for an hour) and
 * https://neon.com/docs/introduction/scale-to-zero (a compute is suspended after five minutes without a query).
 */
export const neon = {
  source: 'https://neon.com/docs/introduction/plans',
  dollarsPerComputeHour: { launch: 0.106, scale: 0.222 },
  /** CU-hours of one project in a month. */
  freeComputeHours: 100,
  /** The smallest compute, in CU. */
  minComputeUnits: 0.25,
  suspendAfterSeconds: 300,
  /** What a start and the query after it take before the idle time begins. */
  startSeconds: 1.3,
} as const

/**
 * Upstash: https://upstash.com/pricing/redis. A write is billed once more in each read region
 * (https://upstash.com/docs/redis/features/globaldatabase); what a script calls is billed too
 * (https://upstash.com/docs/redis/sdks/ratelimit-ts/costs).
 */
export const upstash = {
  source: 'https://upstash.com/pricing/redis',
  dollarsPerCommand: 0.2 / 100_000,
  /** Commands in a month. */
  freeCommands: 500_000,
} as const
