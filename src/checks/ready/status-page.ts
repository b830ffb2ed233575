import { boundedFetch } from '../../clients/bounded-fetch.ts'
import { parseJson } from '../../clients/json.ts'
import { CheckError } from '../../core/check.ts'
import { isRecord } from '../../core/is-record.ts'

/** Where the providers say which incidents are open: Statuspage v2, and for Neon incident.io, which powers its page. */
export const statusPages = {
  // Every region: the page of one's own region says more (https://neon.com/docs/introduction/status).
  neon: 'https://neonstatus.com/api/v1/summary',
  upstash: 'https://status.upstash.com/api/v2/incidents/unresolved.json',
  cloudflare: 'https://www.cloudflarestatus.com/api/v2/incidents/unresolved.json',
} as const

/** Names that are shown at most, and their longest. */
const maxNames = 5
const maxNameLength = 120

/**
 * The names of the open incidents.
 * @throws {CheckError} when the page cannot be asked, or answers in neither of the two forms
 */
export async function openIncidents(url: string, signal: AbortSignal): Promise<readonly string[]> {
  const { status, text } = await boundedFetch(url, { signal })
  const answer = parseJson(text)
  const incidents = status === 200 && isRecord(answer) ? incidentsOf(answer) : undefined
  if (incidents === undefined)
    throw new CheckError('wrong_answer', `HTTP ${status} with no list of incidents`)
  return incidents.slice(0, maxNames).map(nameOf)
}

/**
 * `incidents` of Statuspage (https://www.cloudflarestatus.com/api/v2#incidents-unresolved); `ongoing_incidents` of incident.io, for the
 * page and, where it has some, for each page below it.
 */
function incidentsOf({ incidents, ongoing_incidents: ongoing, subpages }: Record<string, unknown>) {
  if (Array.isArray(incidents)) return incidents
  const below = (Array.isArray(subpages) ? subpages : []).map((page) => page?.summary?.ongoing_incidents)
  const lists = [ongoing, ...below].filter((list) => Array.isArray(list))
  return lists.length === 0 ? undefined : lists.flat()
}

function nameOf(incident: unknown): string {
  const name = isRecord(incident) ? incident['name'] : undefined
  return typeof name === 'string' ? name.slice(0, maxNameLength) : 'an incident without a name'
}
