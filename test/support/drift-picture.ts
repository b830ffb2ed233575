/**
 * The picture in the README: what `edge-health check` prints on a real database that has drifted.
 * @module
 */
import { fileURLToPath } from 'node:url'
import { postgresBackend } from '../../src/dev/postgres-backend.ts'
import { startSqlOverHttp } from '../../src/dev/sql-over-http.ts'
import { runBin } from '../cli/run-bin.ts'
import { startPostgres } from '../servers/postgres.ts'
import { migrateExample } from './migrate.ts'
import { unhurried } from './unhurried.ts'
import { toXml } from './xml.ts'

export const pictureFile = fileURLToPath(new URL('../../docs/drift.svg', import.meta.url))

/** What somebody changed by hand: every shop customer now sees all orders, and prices have another currency. */
const drift = `
  alter policy buyers_see_their_orders on orders using (true);
  alter table ticket_types alter column currency set default 'USD'`

const args = ['check', '--check', 'database,migrations']
const prompt = `$ npx edge-health ${args.join(' ')}`

/** Applies the example's migrations to a real Postgres, makes it drift, and runs the command: the lines of a terminal. */
export async function findDrift(): Promise<string[]> {
  const postgres = await startPostgres()
  const service = await startSqlOverHttp({ backend: postgresBackend(postgres.url()) })
  try {
    await migrateExample(postgres.url())
    await postgres.query(drift)
    // A busy machine is slow, and the picture is of one that is not.
    const env = { DATABASE_URL: postgres.url(), DATABASE_HTTP_ENDPOINT: service.url, ...unhurried }
    const expected = fileURLToPath(new URL('../../.edge-health/expected.json', import.meta.url))
    const { stdout } = await runBin([...args, '--expected', expected], { env })
    return [prompt, ...stdout.trimEnd().split('\n')]
  } finally {
    await service.close()
    await postgres.close()
  }
}

/** Columns of the drawn terminal: longer lines are broken at a blank, as wide as the README shows them. */
const columns = 104
const lineHeight = 19
const margin = 16
const characterWidth = 7.83

const colours = {
  text: '#d0d7de',
  dim: '#8b949e',
  red: '#ff7b72',
  green: '#7ee787',
  blue: '#79c0ff',
} as const
type Colour = keyof typeof colours

/** The lines as an SVG that looks like a terminal. Its text is the text of the lines, in order. */
export function drawTerminal(lines: readonly string[]): string {
  const drawn = lines.flatMap((line) => wrap(line).map((part) => ({ part, line })))
  const width = Math.ceil(columns * characterWidth + 2 * margin)
  const height = drawn.length * lineHeight + 2 * margin
  const texts = drawn.map(({ part, line }, index) => {
    const y = margin + (index + 0.75) * lineHeight
    return `  <text x="${margin}" y="${y}" fill="${colours[colourOf(line)]}" xml:space="preserve">${spans(part)}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="edge-health check finds two differences, each with what is expected, what was found and the fix" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">
  <rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${texts.join('\n')}
</svg>
`
}

/** The text of such a picture, one string for each drawn line. */
export const textOf = (svg: string): string[] =>
  [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, line = '']) =>
    fromXml(line.replaceAll(/<[^>]+>/g, '')),
  )

/** What is the same in every run: without times, and without the blanks and breaks that they shift. */
export const withoutTimes = (lines: readonly string[]): string =>
  lines
    .map((line) => line.trim())
    .join(' ')
    .replaceAll(/\b\d+(\.\d+)? m?s\b/g, 'TIME')
    .replaceAll(/\s+/g, ' ')

function wrap(line: string, indent = ' '.repeat(line.search(/\S/) + 2)): string[] {
  if (line.length <= columns) return [line]
  const at = line.lastIndexOf(' ', columns)
  // A word that is wider than the terminal stays whole.
  if (at < indent.length) return [line]
  return [line.slice(0, at), ...wrap(indent + line.slice(at + 1), indent)]
}

const colourOf = (line: string): Colour =>
  line.startsWith('$')
    ? 'blue'
    : /^ {4}/.test(line) && !/^ {6}fail /.test(line) && !/^ +fix: /.test(line)
      ? 'dim'
      : 'text'

/** The words that a terminal shows in red and green, and the labels that a reader looks for. */
function spans(line: string): string {
  return toXml(line)
    .replace(/\b(fail|unhealthy)\b/, span('red'))
    .replace(/\b(pass)\b/, span('green'))
    .replace(/\b(fix|expected|found)(?=:)/, span('blue'))
}

const span = (colour: Colour) => `<tspan fill="${colours[colour]}">$1</tspan>`
const fromXml = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
