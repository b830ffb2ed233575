import { UsageError } from '../usage-error.ts'

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/**
 * Reads `500ms`, `2s`, `1.5m`, or a plain number of seconds.
 *
 * @param option the option's name, for the error
 * @returns milliseconds
 * @throws {UsageError} when it is not a duration, is not above zero, or longer than an hour
 */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text.trim())
  const duration = Number(match?.[1]) * (milliseconds[match?.[2] ?? 's'] ?? Number.NaN)
  if (!(duration > 0 && duration <= 3_600_000)) {
    throw new UsageError(
      `--${option} expects a time such as 500ms, 2s or 2m, at most an hour, and got "${text}".`,
    )
  }
  return duration
}

/** `820 ms`, `14.2 s`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
