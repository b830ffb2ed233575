import { runbookOf } from '../../core/runbook.ts'
import type { AlertEvent, AlertKind } from './alert.ts'

const verbs: Readonly<Record<AlertKind, string>> = {
  fired: 'fails',
  resolved: 'works again',
  reminder: 'still fails',
  flapping: 'changes all the time',
}

export const titleOf = ({ service, check, kind, last }: AlertEvent): string =>
  `${service}: ${check} ${kind === 'fired' && last.status === 'warn' ? 'warns' : verbs[kind]}`

/** The sentence, the code, what differs, the times, the releases and the runbook. */
export function bodyOf({ kind, since, at, last, releaseBefore, findings }: AlertEvent): string {
  const minutes = Math.max(1, Math.round((at - since) / 60_000))
  const releases = [
    last.release && `release ${last.release}`,
    releaseBefore && releaseBefore !== last.release && `before it ${releaseBefore}`,
  ].filter(Boolean)
  return [
    `${last.output} (${last.code})`,
    ...(findings.length > 0 ? [findings.join(', ')] : []),
    `${kind === 'resolved' ? 'bad from' : 'since'} ${new Date(since).toISOString()}, ${minutes} min`,
    ...(releases.length > 0 ? [releases.join(', ')] : []),
    ...(kind === 'resolved' ? [] : [runbookOf(last.code)]),
  ].join('\n')
}
