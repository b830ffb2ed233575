import { serviceOf } from '../../core/report.ts'
import type { Incident } from '../../history/check-record.ts'
import { isOpen, type KnownHistory } from '../../history/history.ts'

export const atomContentType = 'application/atom+xml; charset=utf-8'

/** How many incidents a feed has: readers keep the older ones themselves. */
const maxEntries = 20

/**
 * The incidents as an Atom feed (RFC 4287), the newest first. An incident keeps its id, so that a reader shows one entry
 * which changes when it is over.
 *
 * @param url where this answer is
 */
export function atomFeed(history: KnownHistory, hostname: string, url: string): string {
  const { incidents, records, readAt } = history
  const service = serviceOf(hostname)
  const shown = incidents.slice(0, maxEntries)
  const { href, hostname: authority } = new URL(url)
  const updated =
    Math.max(0, ...shown.map((incident) => updatedAt(incident, isOpen(incident, records)))) || readAt
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `<id>${escapeXml(href)}</id>`,
    `<title>${escapeXml(`Incidents of ${service}`)}</title>`,
    `<updated>${iso(updated)}</updated>`,
    `<link rel="self" href="${escapeXml(href)}"/>`,
    `<author><name>${escapeXml(service)}</name></author>`,
    ...shown.map((incident) => entry(incident, isOpen(incident, records), authority)),
    '</feed>',
    '',
  ].join('\n')
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** A second later once it is over: readers show a changed entry again only where its time has changed too. */
const updatedAt = ({ to }: Incident, open: boolean): number => (open ? to : to + 1000)

function entry(incident: Incident, open: boolean, authority: string): string {
  const { check, code, output, from, to, release, releaseBefore } = incident
  const date = iso(from).slice(0, 10)
  const times = open ? `since ${iso(from)}` : `from ${iso(from)} to ${iso(to)}`
  const releases =
    releaseBefore !== '' && releaseBefore !== release ? `, release ${releaseBefore} before it` : ''
  const text = `${output} (${code}), ${times}${release === '' ? '' : `, release ${release}`}${releases}`
  return [
    '<entry>',
    // A tag URI (RFC 4151), which has no port, stays the same wherever the feed is read from.
    `<id>${escapeXml(`tag:${authority},${date}:${check}/${from}`)}</id>`,
    `<title>${escapeXml(`${check} ${open ? 'fails' : 'failed'}: ${output}`)}</title>`,
    `<published>${iso(from)}</published>`,
    `<updated>${iso(updatedAt(incident, open))}</updated>`,
    `<content type="text">${escapeXml(text)}</content>`,
    '</entry>',
  ].join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Without the characters that XML 1.0 does not allow at all. */
const escapeXml = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? '')
