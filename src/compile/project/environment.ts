import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/**
 * The `.env` of a directory, which drizzle-kit reads from where it runs (its CLI begins with dotenv/config): a variable
 * that is set already comes first.
 */
export function readDotEnv(directory: string): Readonly<Record<string, string>> {
  let text: string
  try {
    text = readFileSync(join(directory, '.env'), 'utf8')
  } catch {
    return {}
  }
  const entries = Object.entries(parseEnv(text))
  // drizzle-kit reads the file when Node has started.
  return Object.fromEntries(
    entries.flatMap(([name, value = '']) => (name === 'NODE_OPTIONS' ? [] : [[name, value]])),
  )
}

/** The shorter ones are words such as `production`. */
const shortestSecret = 9

/** The values of it that no message may repeat. */
export function secretsOf(dotEnv: Readonly<Record<string, string>>): string[] {
  return Object.values(dotEnv).filter((value) => value.length >= shortestSecret)
}
