import { neon, upstash } from './list-prices.ts'
import type { Commands, Plan, RedisDatabase } from './plan.ts'
import { play } from './play.ts'
import { monthSeconds, requestsOf } from './requests.ts'

/** What a month of a plan comes to while everything is well. */
export interface Estimate {
  readonly requests: number
  /** Runs by check. */
  readonly runs: Readonly<Record<string, number>>
  readonly database: DatabaseEstimate
  /** The broker is there only where it is another database. */
  readonly redis: Partial<Readonly<Record<RedisDatabase, RedisEstimate>>>
  /** On Neon's Launch plan and Upstash's pay-as-you-go together. */
  readonly dollars: number
}

export interface DatabaseEstimate {
  /** Awake because of these requests alone. */
  readonly awakeHours: number
  readonly computeHours: number
  /** By plan; nothing where it is not billed by this list. */
  readonly dollars: { readonly launch: number; readonly scale: number }
  readonly isBilled: boolean
}

export interface RedisEstimate {
  /** As they are billed, with the read regions. */
  readonly commands: number
  readonly dollars: number
  readonly isBilled: boolean
}

/** Where a month has more requests than about this, a shorter time stands for it. */
const maxRequests = 200_000
const weekSeconds = 7 * 86_400

/** The price of a month, by the rules of the cache and the list prices. No check fails in it. */
export function estimate(plan: Plan): Estimate {
  const seconds = playedSeconds(plan)
  const factor = monthSeconds / seconds
  const played = play(requestsOf(plan, seconds), { ...plan, seconds })
  const redis = redisEstimates(plan, played.runs, played.store, factor)
  const database = databaseEstimate((played.awakeSeconds * factor) / 3600, plan.billed.has('database'))
  return {
    requests: Math.round(played.requests * factor),
    runs: Object.fromEntries([...played.runs].map(([name, runs]) => [name, Math.round(runs * factor)])),
    database,
    redis,
    dollars: Object.values(redis).reduce((sum, { dollars }) => sum + dollars, database.dollars.launch),
  }
}

function databaseEstimate(awakeHours: number, isBilled: boolean): DatabaseEstimate {
  const computeHours = awakeHours * neon.minComputeUnits
  const dollarsAt = (price: number) => (isBilled ? computeHours * price : 0)
  const { launch, scale } = neon.dollarsPerComputeHour
  return {
    awakeHours,
    computeHours,
    dollars: { launch: dollarsAt(launch), scale: dollarsAt(scale) },
    isBilled,
  }
}

/** Long enough for a cron of weekdays, and for results that are repeated for days. */
function playedSeconds({ monitor, crons, ttlSeconds }: Plan): number {
  if (!monitor) return monthSeconds
  const least = Math.max(crons.length > 0 ? weekSeconds : 0, 4 * Math.max(...Object.values(ttlSeconds)))
  return Math.min(monthSeconds, Math.max(least, (maxRequests * monitor.everySeconds) / monitor.checkers))
}

function redisEstimates(
  { commands, hasStore, regions, billed }: Plan,
  runs: ReadonlyMap<string, number>,
  store: Commands,
  factor: number,
): Estimate['redis'] {
  const sums = new Map<RedisDatabase, number>(
    hasStore ? [['application', billedCommands(store, regions)]] : [],
  )
  for (const [name, { database, ...cost }] of Object.entries(commands)) {
    sums.set(database, (sums.get(database) ?? 0) + billedCommands(cost, regions) * (runs.get(name) ?? 0))
  }
  return Object.fromEntries(
    [...sums].map(([database, sum]) => {
      const total = Math.round(sum * factor)
      const isBilled = billed.has(database)
      const dollars = isBilled ? total * upstash.dollarsPerCommand : 0
      return [database, { commands: total, dollars, isBilled }]
    }),
  )
}

/** A write is billed once in the primary region and once more in each read region. */
export const billedCommands = ({ reads, writes }: Commands, regions: number): number =>
  reads + writes * (1 + regions)
