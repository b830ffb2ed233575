import type { Status } from '../../../src/core/check.ts'
import type { Observation } from '../../../src/history/observation.ts'
import type { Alert, AlertRules } from '../../../src/notify/alerts/alert.ts'
import { delivered, nextAlert, undelivered } from '../../../src/notify/alerts/rules.ts'
import { observed } from '../../history/arbitrary.ts'

export const rules: AlertRules = { after: 2, resolveAfter: 2, remindAfterMs: undefined, warnings: false }
const channels = ['slack', 'webhook']
const words: Readonly<Record<string, Status>> = { P: 'pass', W: 'warn', F: 'fail' }

/** Runs 30 s apart, each notified of at once: what was said, as `fired@2` for the run with this number. */
export function play(
  text: string,
  {
    by = rules,
    apart = 30,
    more = () => ({}),
    takes = () => true,
  }: {
    by?: AlertRules
    apart?: number
    more?: (run: number) => Partial<Observation>
    takes?: (channel: string, run: number) => boolean
  } = {},
) {
  const said: string[] = []
  let alert: Alert | undefined
  let latest: Observation[] = []
  for (const [run, letter] of [...text].entries()) {
    latest = [...latest, observed(run * apart, words[letter], more(run))].slice(-96)
    alert = nextAlert(alert, latest, latest.at(-1)?.at ?? 0, by)
    if (!alert) continue
    const left = undelivered(alert, channels)
    const took = left.filter((channel) => takes(channel, run))
    for (const channel of took) said.push(`${alert.kind}@${run}${channel === 'slack' ? '' : ' webhook'}`)
    alert = delivered(alert, took)
  }
  return {
    said: said.filter((each) => !each.endsWith('webhook')),
    webhook: said.filter((each) => each.endsWith('webhook')),
    alert,
  }
}
