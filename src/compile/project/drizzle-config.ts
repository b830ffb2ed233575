import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { CompileError } from '../compile-error.ts'
import { type ChildAnswer, runProjectCode } from './run-project-code.ts'

/** What we read of a drizzle.config, not yet checked. */
export type ConfigContent = Partial<
  Record<keyof v.InferOutput<typeof Config> | 'dialect' | 'driver', unknown>
>

const names = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value) => (typeof value === 'string' ? [value] : value)),
)

const Config = v.object({
  out: v.optional(v.string(), 'drizzle'),
  schema: v.optional(names, []),
  casing: v.optional(v.picklist(['snake_case', 'camelCase'])),
  schemaFilter: v.optional(names),
  tablesFilter: v.optional(names, []),
  extensionsFilters: v.optional(names, []),
  migrations: v.optional(v.object({ table: v.optional(v.string()), schema: v.optional(v.string()) })),
})

export interface DrizzleConfig extends v.InferOutput<typeof Config> {
  readonly file: string
  /** As drizzle-kit names the ones that it asks over something else, `aws-data-api` for example. */
  readonly driver?: string | undefined
}

const defaultNames = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs', 'json'].map((end) => `drizzle.config.${end}`)
const instead =
  'name what it says yourself: --migrations DIR, --models FILE…, --ledger schema.table, --casing'

/** The config's path: as named, else the one in the working directory. @throws CompileError when there is none */
export function findConfig(named: string | undefined, workingDirectory: string): string {
  const found = (named === undefined ? defaultNames : [named])
    .map((name) => resolve(workingDirectory, name))
    .find((path) => existsSync(path))
  if (found !== undefined) return found
  throw new CompileError(
    named === undefined
      ? `There is no drizzle.config.ts in ${workingDirectory}: name yours with --config FILE or DRIZZLE_CONFIG, or name the migrations with --migrations DIR.`
      : `There is no file ${resolve(workingDirectory, named)}, which --config or DRIZZLE_CONFIG names: name the one that is there.`,
  )
}

/** Reads a config, code in a child process. @throws CompileError when it cannot be, or is of another database. */
export async function readConfig(file: string): Promise<DrizzleConfig> {
  const answer = await (file.endsWith('.json') ? readJson(file) : runConfig(file))
  if (!answer.answered) {
    throw new CompileError(
      `${file} cannot be read: ${withStop(answer.reason)} ${nextFor(answer.unset)}, or ${instead}.`,
    )
  }
  const { dialect, driver } = answer.value
  const kind = dialect ?? driver ?? 'postgresql'
  if (kind !== 'postgresql' && kind !== 'pg') {
    throw new CompileError(
      `${file} is of dialect "${String(kind)}": only PostgreSQL can be compared. Name the config of your Postgres with --config, or ${instead}.`,
    )
  }
  const config = v.safeParse(Config, answer.value)
  if (!config.success) {
    const issue = config.issues[0]
    throw new CompileError(
      `${file}: ${v.getDotPath(issue) ?? 'config'}: ${issue.message}. Correct it, or ${instead}.`,
    )
  }
  return { ...config.output, file, driver: typeof driver === 'string' ? driver : undefined }
}

/** A message of the project may end with a full stop of its own. */
const withStop = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

function nextFor(unset: readonly string[]): string {
  const [first] = unset
  if (first === undefined) return 'Give it what it needs'
  return `It reads ${unset.join(', ')}, which is not set: any value will do, because nothing is connected to (${first}=x npx edge-health compile)`
}

function runConfig(file: string): Promise<ChildAnswer<ConfigContent>> {
  const program = fileURLToPath(new URL('./config-child.ts', import.meta.url))
  return runProjectCode(program, file, file)
}

function readJson(file: string): ChildAnswer<ConfigContent> {
  try {
    return { answered: true, value: JSON.parse(readFileSync(file, 'utf8')) ?? {}, loaded: [] }
  } catch {
    // Not in the words of the parser, which quotes what stands there.
    return { answered: false, reason: 'it is not valid JSON', unset: [] }
  }
}
