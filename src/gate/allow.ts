import * as v from 'valibot'
import { type GateFinding, gateCodes } from './judge/finding.ts'

/** A finding that somebody looked at and accepts. */
export interface Allowance {
  readonly code: string
  readonly object: string
  readonly reason: string
  /** Tag of the migration that it is for; undefined: of the command line, for this run. */
  readonly migration: string | undefined
}

/** Where accepted findings are kept: committed with the migration. */
export const allowFile = '.edge-health/gate-allow.json'

const Entry = v.strictObject({
  allow: v.string(),
  migration: v.pipe(v.string(), v.nonEmpty()),
  reason: v.pipe(v.string(), v.trim(), v.minLength(10)),
})

const File = v.array(Entry)

/** @throws {TypeError} with a sentence for `CODE:OBJECT` that is not one */
export function parseAllow(text: string): { code: string; object: string } {
  const colon = text.indexOf(':')
  const [code, object] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)]
  if (gateCodes.some((known) => known === code) && object !== '') return { code, object }
  throw new TypeError(
    `expected CODE:OBJECT with one of the codes ${gateCodes.join(', ')}, as in rewrites:public.events, and got "${text}"`,
  )
}

/** @throws {TypeError} with a sentence when the file's text is not what it should be */
export function parseAllowFile(text: string): Allowance[] {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new TypeError('it is not valid JSON')
  }
  const file = v.safeParse(File, content)
  if (!file.success) {
    const [issue] = file.issues
    throw new TypeError(
      `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}. Expected a list of {"allow": "CODE:OBJECT", "migration": "TAG", "reason": "at least ten characters"}`,
    )
  }
  return file.output.map(({ allow, migration, reason }) => ({ ...parseAllow(allow), migration, reason }))
}

/** The finding as it counts: one that is accepted passes, with the reason. */
export function applyAllowances(
  finding: GateFinding,
  migration: string | undefined,
  allowances: readonly Allowance[],
): GateFinding {
  if (finding.level === 'pass') return finding
  const accepted = allowances.find(
    ({ code, object, migration: only }) =>
      code === finding.code && object === finding.object && (only === undefined || only === migration),
  )
  return accepted ? { ...finding, level: 'pass', allowed: accepted.reason } : finding
}

/** Entries of the file whose migration is not pending any more, or never was: they accept nothing. */
export function expiredAllowances(allowances: readonly Allowance[], pending: readonly string[]): Allowance[] {
  return allowances.filter(({ migration }) => migration !== undefined && !pending.includes(migration))
}
