import { isRecord } from '../../core/is-record.ts'
import type { AnsweredResult } from '../smoke/answer.ts'
import { formatDuration } from './duration.ts'
import { harmless, type Paint } from './terminal.ts'

const columns = ['check', 'status', 'time', 'result'] as const

const colours = { pass: 'green', warn: 'yellow', fail: 'red' } as const

/** Lines that somebody acts on or copies: dimmed, they are hard to read on many terminals. */
const saysWhatToDo = /^ +(fix|next|(\w+_)?hint): /

/**
 * The results as a table for the terminal, one line each, with their details and findings below.
 *
 * @returns lines without line ends
 */
export function renderTable(results: readonly AnsweredResult[], paint: Paint): string[] {
  const rows = results.map(toRow)
  const widths = columns.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  const align = (row: readonly string[]) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0))
  const lines = [paint('bold', align(columns).join('  ').trimEnd())]
  const printed = new Map<unknown, string>()
  for (const [index, result] of results.entries()) {
    const [checker = '', status = '', ...rest] = align(rows[index] ?? [])
    lines.push([checker, paint(colours[statusOf(result)], status), ...rest].join('  ').trimEnd())
    const details = renderDetails(saidOnce(result, printed)).map((line) => `    ${line}`)
    lines.push(...details.map((line) => (saysWhatToDo.test(line) ? line : paint('dim', line))))
  }
  return lines
}

/**
 * The details without what was printed already: of a check that is not configured the reason holds its mistakes, and other
 * checks may have the same.
 *
 * @param printed reasons that were printed, with the check
 */
function saidOnce({ checker, code, details = {} }: AnsweredResult, printed: Map<unknown, string>) {
  const { reason, mistakes, ...rest } = details
  if (code !== 'not_configured' || typeof reason !== 'string') return details
  const earlier = printed.get(reason)
  printed.set(reason, earlier ?? checker)
  const isInReason = Array.isArray(mistakes) && mistakes.every((each) => reason.includes(String(each)))
  return {
    reason: earlier === undefined ? reason : `as for ${earlier}`,
    ...(mistakes !== undefined && !isInReason && { mistakes }),
    ...rest,
  }
}

/** A server of another make says only whether it passed. */
const statusOf = ({ status, passed }: AnsweredResult) => status ?? (passed ? 'pass' : 'fail')

function toRow(result: AnsweredResult): string[] {
  const code = result.code && result.code !== 'ok' ? ` (${result.code})` : ''
  const time = formatDuration(result.response_time * 1000)
  return [harmless(result.checker), statusOf(result), time, harmless(`${result.output}${code}`)]
}

function renderDetails(details: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(details).flatMap(([name, value]) => {
    const label = harmless(name)
    if (!Array.isArray(value)) return [`${label}: ${renderValue(value)}`]
    if (value.length === 0) return []
    return [`${label}:`, ...value.flatMap(renderEntry).map((line) => `  ${line}`)]
  })
}

/** A finding reads "fail  public.orders.total  column  changed", and below it what else is known of it. */
function renderEntry(entry: unknown): string[] {
  if (!isRecord(entry)) return [renderValue(entry)]
  const { severity, object, kind, difference, ...rest } = entry
  const heading = [severity, object, kind, difference].filter((part) => typeof part === 'string').join('  ')
  const facts = Object.entries(rest).map(([name, value]) => `${harmless(name)}: ${renderValue(value)}`)
  return heading ? [harmless(heading), ...facts.map((fact) => `  ${fact}`)] : [facts.join(', ')]
}

const renderValue = (value: unknown): string =>
  harmless(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
