import type { toBody } from '../../http/response.ts'
import { columns } from '../terminal/columns.ts'
import { renderTable } from '../terminal/table.ts'
import { harmless, type Paint } from '../terminal/terminal.ts'
import type { Cheaper } from './cheaper.ts'
import type { DatabaseEstimate, Estimate, RedisEstimate } from './estimate.ts'
import { neon, upstash } from './list-prices.ts'
import type { Monitor } from './plan.ts'
import type { RightsByServer } from './rights.ts'
import type { Schedules } from './schedules.ts'
import type { VariableEffect } from './variables.ts'

/** All that the command found out; what `--json` prints. */
export interface Diagnosis {
  readonly variables: readonly VariableEffect[]
  readonly answer: ReturnType<typeof toBody>
  readonly rights: RightsByServer
  readonly month: {
    /** The day of the list prices. */
    readonly pricesOf: string
    readonly schedules: Schedules
    readonly monitor: Monitor | undefined
    readonly estimate: Estimate
    readonly cheaper: readonly Cheaper[]
  }
}

export function renderDiagnosis(diagnosis: Diagnosis, paint: Paint): string[] {
  const { variables, answer, rights, month } = diagnosis
  const heading = (text: string) => paint('bold', text)
  return [
    heading('What the variables lead to'),
    '',
    ...renderVariables(variables, paint),
    '',
    heading('What the checks found, asked once from here'),
    '',
    ...renderTable(answer.results, paint),
    '',
    heading('Rights that are missing'),
    '',
    ...renderRights(rights),
    '',
    heading(`What a month costs in which all is well, by the list prices of ${month.pricesOf}`),
    '',
    ...renderMonth(month, paint),
  ]
}

function renderVariables(variables: readonly VariableEffect[], paint: Paint): string[] {
  const isShown = ({ state }: VariableEffect) => state !== 'unset'
  const rows = variables
    .filter(isShown)
    .map(({ variable, state, value, effect }) => [
      harmless(variable),
      state,
      harmless(value ?? ''),
      harmless(effect),
    ])
  const unset = variables.filter((each) => !isShown(each)).map(({ variable }) => variable)
  const list = unset.length > 0 ? ['', `not set, and without a default: ${unset.join(', ')}`] : []
  return [...columns(['variable', 'state', 'value', 'leads to'], rows, paint), ...list]
}

function renderRights(rights: RightsByServer): string[] {
  const lines = Object.entries(rights).flatMap(([server, { missing, untried }]) => [
    ...missing.map(({ rule, neededBy }) => harmless(`${server}: ${rule} (needed by ${neededBy})`)),
    ...(untried === undefined ? [] : [`${server}: could not be tried (${untried})`]),
  ])
  if (lines.length > 0) return lines
  return [Object.keys(rights).length > 0 ? 'none' : 'none could be tried: no server is configured']
}

function renderMonth({ schedules, monitor, estimate, cheaper }: Diagnosis['month'], paint: Paint): string[] {
  const { database, redis } = estimate
  const rows = [
    ['asked by', askedBy(schedules, monitor)],
    ['answers', count(estimate.requests)],
    ['database', databaseWords(database)],
    ...Object.entries(redis).map(([name, each]) => [
      name === 'broker' ? 'broker' : 'Redis',
      redisWords(each),
    ]),
    ['together', together(estimate)],
  ]
  const width = Math.max(...rows.map(([name = '']) => name.length))
  const lines = rows.map(([name = '', words = '']) => `${name.padEnd(width)}  ${words}`)
  const table = cheaper.map(({ change, but, estimate: then }) => [dollars(then.dollars), change, but])
  return [
    ...lines,
    '',
    ...(table.length > 0
      ? columns(['cheaper', 'with', 'but'], table, paint)
      : ['no other setting that is known here would be cheaper']),
  ]
}

function askedBy({ file, crons, unreadable }: Schedules, monitor: Monitor | undefined): string {
  const cron =
    file === undefined ? 'no cron in wrangler.toml or serverless.yml' : `${crons.join(', ')} (${file})`
  const asks = monitor
    ? `a monitor every ${monitor.everySeconds} s from ${monitor.checkers} ${monitor.checkers === 1 ? 'place' : 'places'}`
    : 'no monitor (--every SECONDS counts one)'
  const left = unreadable.length > 0 ? [`not counted: ${unreadable.map(harmless).join(', ')}`] : []
  return [cron, asks, ...left].join('; ')
}

function databaseWords({ awakeHours, computeHours, dollars: price, isBilled }: DatabaseEstimate): string {
  if (awakeHours === 0) return 'not asked'
  const awake = `kept awake for ${Math.round(awakeHours)} of 720 hours`
  if (!isBilled) return `${awake}; no price is known, since no host of Neon is configured`
  const days = (30 * neon.freeComputeHours) / computeHours
  const free =
    days < 30 ? `; the Free plan's ${neon.freeComputeHours} are gone in ${Math.ceil(days)} days` : ''
  return (
    `${awake}: ${Math.round(computeHours)} CU-hours, ` +
    `${dollars(price.launch)} on Launch, ${dollars(price.scale)} on Scale${free}`
  )
}

function redisWords({ commands, dollars: price, isBilled }: RedisEstimate): string {
  if (!isBilled)
    return `${count(commands)} commands; no price is known, since no host of Upstash is configured`
  const share = Math.round((100 * commands) / upstash.freeCommands)
  return `${count(commands)} commands: ${dollars(price)}; ${share} % of the Free plan's ${count(upstash.freeCommands)}`
}

function together({ database, redis, dollars: price }: Estimate): string {
  const isBilled = [database, ...Object.values(redis)].some((each) => each.isBilled)
  return isBilled
    ? `${dollars(price)} on Neon's Launch plan and Upstash's pay-as-you-go`
    : 'no price is known'
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`
const count = (number: number): string => number.toLocaleString('en-US')
