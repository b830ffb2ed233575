/**
 * The sections of docs/runbook.md, and the samples in them.
 * @module
 */

/** What a check answered, without its times. */
export interface Sample {
  readonly checker: string
  readonly output: string
  readonly passed: boolean
  readonly status: string
  readonly code: string
  readonly details?: object
}

/** The text below each heading `### \`code\``, by code, in the order of the page. */
export function sections(page: string): ReadonlyMap<string, string> {
  return new Map(
    page
      .split(/^### `/m)
      .slice(1)
      .map((part) => [
        part.slice(0, part.indexOf('`')),
        part.slice(part.indexOf('\n')).split(/^## /m)[0] ?? '',
      ]),
  )
}

const sampleBlock = /^```json\n(.*?)^```$/ms

/** @throws {Error} when the section has no sample */
export function sampleIn(section: string): Sample {
  const json = sampleBlock.exec(section)?.[1]
  if (json === undefined) throw new Error('the section has no sample')
  return JSON.parse(json)
}

/** The page with the sample of a code renewed. @throws {Error} when the page has no place for it */
export function withSample(page: string, sample: Sample): string {
  const start = page.indexOf(`\n### \`${sample.code}\`\n`)
  if (start < 0) throw new Error(`docs/runbook.md has no section for ${sample.code}`)
  const [before, after] = [page.slice(0, start), page.slice(start)]
  return before + after.replace(sampleBlock, () => `\`\`\`json\n${print(sample)}\n\`\`\``)
}

/** Numbers that differ from run to run: milliseconds of an answer, the age of a heartbeat, how long a queue stood still. */
const times = new Set(['ms', 'seconds', 'heartbeat_age_seconds'])

/** The id of a task or of a request: a new one in each run. */
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** Whether both say the same, whatever their times and ids are. */
export function isSameButForTimesAndIds(a: Sample, b: Sample): boolean {
  const plain = (sample: Sample) =>
    JSON.stringify(sample, (key, value) => {
      if (typeof value === 'string') return value.replaceAll(uuid, 'id')
      return times.has(key) && typeof value === 'number' ? 0 : value
    })
  return plain(a) === plain(b)
}

/** JSON in which what fits into a line is one. */
function print(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const isList = Array.isArray(value)
  const parts = (inside: string) =>
    isList
      ? value.map((item) => print(item, inside))
      : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${print(item, inside)}`)
  const short = parts('').join(', ')
  const line = isList ? `[${short}]` : `{ ${short} }`
  if (indent !== '' && indent.length + line.length < 96 && !line.includes('\n')) return line
  const [open, close] = isList ? '[]' : '{}'
  return `${open}\n${inner}${parts(inner).join(`,\n${inner}`)}\n${indent}${close}`
}
