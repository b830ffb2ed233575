import { isRecord } from '../core/is-record.ts'

/** Every start would begin with it, and the shipped cron trigger is meant to be there. */
const cronWarning = 'Scheduled Workers are not automatically triggered'

/**
 * Passes on what `wrangler dev` prints. Until the Worker answers, wrangler talks about itself, so what it prints is
 * held back, unless something is wrong. What it warns of and what the Worker logs is passed on at once, but for the warning
 * that cron triggers do not fire by themselves.
 */
export function untilReadyQuiet(print: (line: string) => void): {
  onLine(line: string, from: 'stdout' | 'stderr'): void
  /** Prints what was held back, and from now on everything. */
  release(): void
  /** Drops what was held back, and from now on prints everything. */
  forget(): void
} {
  let held: string[] | undefined = []
  let isCronWarning = false
  const release = () => {
    for (const line of held ?? []) print(line)
    held = undefined
  }
  return {
    onLine(line, from) {
      if (line.trim() === '') return
      if (from === 'stderr') isCronWarning = line.includes(cronWarning) || (isCronWarning && /^\s/.test(line))
      if (from === 'stderr' && isCronWarning) return
      if (from === 'stderr' && line.includes('[ERROR]')) release()
      if (held && from === 'stdout' && !isLogLine(line)) held.push(line)
      else print(line)
    },
    release,
    forget() {
      held = undefined
    },
  }
}

/** A line of the Worker's own log: JSON with a message and a level. */
function isLogLine(line: string): boolean {
  if (!line.startsWith('{')) return false
  try {
    const entry: unknown = JSON.parse(line)
    return isRecord(entry) && typeof entry['message'] === 'string' && typeof entry['level'] === 'string'
  } catch {
    return false
  }
}
