import { fileURLToPath } from 'node:url'
import { toXml } from '../../test/support/xml.ts'
import type { RecordedRun } from './history.ts'

export const historyPictureFile = fileURLToPath(new URL('../../docs/bench-history.svg', import.meta.url))

const rowHeight = 18
const margin = 16
const labelWidth = 620
const chartWidth = 300
const headerHeight = 40
/** The right end of the chart, as a share of the bound; what is further is drawn at the end. */
const maxShare = 1.5

/** How many runs are drawn, the newest of the machine that measured last. */
const maxRuns = 20

/**
 * The recorded runs as a picture: one row for each figure, one dot for each run, the newest dark, and a line where the bound
 * is. Dots on the right of the line have missed it.
 */
export function drawHistory(history: readonly RecordedRun[]): string {
  const last = history.at(-1)
  const runs = history.filter(({ machine }) => machine === last?.machine).slice(-maxRuns)
  const names = Object.keys(last?.shares ?? {})
  const width = 2 * margin + labelWidth + chartWidth
  const height = 2 * margin + headerHeight + names.length * rowHeight
  const boundX = xOf(1)
  const rows = names.map((name, index) => {
    const y = margin + headerHeight + (index + 0.5) * rowHeight
    const dots = runs.flatMap(({ shares }, run) => {
      const share = shares[name]
      if (share === undefined) return []
      const opacity = ((run + 1) / runs.length).toFixed(2)
      return [`<circle cx="${xOf(share)}" cy="${y}" r="4" fill="#0550ae" fill-opacity="${opacity}"/>`]
    })
    return `<text x="${margin}" y="${y + 4}">${toXml(name)}</text>${dots.join('')}`
  })
  const title = last
    ? `${runs.length} run${runs.length === 1 ? '' : 's'} on ${last.machine}; the newest of ${last.day}, commit ${last.commit}`
    : 'no run was recorded'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<title>How much of its bound each figure of the bench uses up</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${margin}" y="${margin + 12}" font-weight="bold">${toXml(title)}</text>
<text x="${boundX}" y="${margin + 30}" text-anchor="middle">bound</text>
<line x1="${boundX}" x2="${boundX}" y1="${margin + 34}" y2="${height - margin}" stroke="#cf222e"/>
${rows.join('\n')}
</svg>
`
}

const xOf = (share: number): number =>
  Math.round(margin + labelWidth + (chartWidth * Math.min(share, maxShare)) / maxShare)
