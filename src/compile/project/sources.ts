import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { splitPattern } from '../../checks/migrations/comparison/ignored.ts'
import type { OptionalKind } from '../../checks/migrations/expected-schema.ts'
import { severities } from '../../checks/migrations/findings/severity.ts'
import { CompileError, messageOf } from '../compile-error.ts'
import type { CompileOptions } from '../options.ts'
import { neonPrelude } from '../presets/neon.ts'
import { defaultLedger, type LedgerTable } from '../replay/ledger.ts'
import type { Prelude } from '../replay/run-prelude.ts'
import { uncomparedKinds } from '../uncompared.ts'
import { type DrizzleConfig, findConfig, readConfig } from './drizzle-config.ts'
import {
  locateMigrations,
  locateModels,
  type ModelPatterns,
  modelFiles,
  unmatchedPatterns,
} from './locate.ts'

/** Everything the compile works on, with every path absolute. */
export interface Sources {
  readonly migrations: string
  readonly ledger: LedgerTable
  readonly models: readonly string[]
  readonly casing: string | undefined
  readonly schemas: readonly string[] | undefined
  /** As in the config, with what its `extensionsFilters` add. */
  readonly tablesFilter: readonly string[]
  readonly ignore: readonly string[]
  readonly skip: RegExp | undefined
  readonly preludes: readonly Prelude[]
  readonly optionalKinds: readonly OptionalKind[]
  /** The `driver` of the config. */
  readonly driver?: string | undefined
  /** One line each. */
  readonly warnings: readonly string[]
}

/** Options first, else what the config says. @throws CompileError with how to go on */
export async function findSources(options: CompileOptions): Promise<Sources> {
  const workingDirectory = options.workingDirectory ?? process.cwd()
  const config = needsConfig(options)
    ? await readConfig(findConfig(configName(options), workingDirectory))
    : undefined
  const located = locate(options, config, workingDirectory)
  return {
    ...located,
    ledger: options.ledger === undefined ? ledgerOf(config) : parseLedger(options.ledger),
    casing: options.casing === undefined ? config?.casing : parseCasing(options.casing),
    schemas: options.schemas ?? config?.schemaFilter,
    tablesFilter: config ? tablesFilterOf(config) : [],
    ignore: checkedPatterns(options.ignore),
    skip: parseSkip(options.skip),
    driver: config?.driver,
    preludes: readPreludes(options, workingDirectory),
    optionalKinds: parseKinds(options.compare),
  }
}

/** The migrations are often named because the config cannot be imported here: then it is not read. */
function needsConfig({ migrations, config }: CompileOptions): boolean {
  return migrations === undefined || config !== undefined
}

function configName({ config }: CompileOptions): string | undefined {
  return config ?? (process.env['DRIZZLE_CONFIG'] || undefined)
}

function locate(options: CompileOptions, config: DrizzleConfig | undefined, workingDirectory: string) {
  const found =
    options.migrations === undefined && config
      ? locateMigrations(config, workingDirectory)
      : { base: workingDirectory, directory: resolve(workingDirectory, options.migrations ?? '.') }
  const patterns = patternsOf(options, config, workingDirectory, found.base)
  const unmatched = unmatchedPatterns(patterns)
  if (options.models !== undefined && unmatched.length > 0) {
    throw new CompileError(
      `--models ${unmatched.join(' ')}: there is no such file in ${workingDirectory}: name files, directories or patterns that have one.`,
    )
  }
  return {
    migrations: found.directory,
    models: modelFiles(patterns),
    // drizzle-kit goes on without them.
    warnings: unmatched.map(
      (pattern) =>
        `No file matches "${pattern}", which the \`schema\` of ${config?.file} names: its models are not compared.`,
    ),
  }
}

function patternsOf(
  { models }: CompileOptions,
  config: DrizzleConfig | undefined,
  workingDirectory: string,
  base: string,
): ModelPatterns {
  if (models !== undefined) return { patterns: models, base: workingDirectory }
  return config ? locateModels(config, workingDirectory, base) : { patterns: [], base }
}

function ledgerOf(config: DrizzleConfig | undefined): LedgerTable {
  return {
    schema: config?.migrations?.schema ?? defaultLedger.schema,
    table: config?.migrations?.table ?? defaultLedger.table,
  }
}

function parseLedger(text: string): LedgerTable {
  const [schema, table, ...rest] = text.split('.')
  if (schema && table && rest.length === 0) return { schema, table }
  throw new CompileError(`--ledger ${text}: expected schema.table, as in drizzle.__drizzle_migrations.`)
}

function parseCasing(text: string): string {
  if (text === 'snake_case' || text === 'camelCase') return text
  throw new CompileError(`--casing ${text}: expected snake_case or camelCase, as in the drizzle.config.`)
}

/** What PostGIS makes is left out as drizzle-kit leaves it out (`getTablesFilterByExtensions.ts` of drizzle-kit 0.31). */
function tablesFilterOf({ tablesFilter, extensionsFilters }: DrizzleConfig): readonly string[] {
  const ofPostgis = ['!geography_columns', '!geometry_columns', '!spatial_ref_sys']
  return [...tablesFilter, ...(extensionsFilters.includes('postgis') ? ofPostgis : [])]
}

const ignorableKinds = [...Object.keys(severities), ...uncomparedKinds]

function checkedPatterns(patterns: readonly string[] = []): readonly string[] {
  for (const pattern of patterns) {
    const { kind, name } = splitPattern(pattern)
    if (kind !== undefined && !ignorableKinds.includes(kind)) {
      throw new CompileError(
        `--ignore ${pattern}: "${kind}" is not a kind: expected one of ${ignorableKinds.join(', ')}.`,
      )
    }
    if (/^[*.]*$/.test(name))
      throw new CompileError(
        `--ignore ${pattern}: that would ignore everything; name what it is, as in public.spatial_ref_sys.`,
      )
  }
  return patterns
}

function parseSkip(pattern: string | undefined): RegExp | undefined {
  try {
    return pattern === undefined ? undefined : new RegExp(pattern, 'i')
  } catch (error) {
    throw new CompileError(`--skip ${pattern}: expected a regular expression (${messageOf(error)}).`)
  }
}

const optionalKinds: readonly OptionalKind[] = [
  'access',
  'column order',
  'comment',
  'grant',
  'owner',
  'statistics target',
]

function parseKinds(names: readonly string[] = []): OptionalKind[] {
  return names.map((name) => {
    const kind = optionalKinds.find((known) => known === name)
    if (kind !== undefined) return kind
    throw new CompileError(`--compare ${name}: expected one of ${optionalKinds.join(', ')}.`)
  })
}

function readPreludes(
  { preset, prelude, preludeExpected = false }: CompileOptions,
  workingDirectory: string,
): Prelude[] {
  const preludes: Prelude[] = []
  if (preset === 'neon') preludes.push({ source: 'The preset neon', sql: neonPrelude })
  else if (preset !== undefined) throw new CompileError(`--preset ${preset}: expected neon.`)
  if (preludeExpected && prelude === undefined) {
    throw new CompileError('--prelude-expected: name the file with --prelude FILE.')
  }
  if (prelude !== undefined) {
    const path = resolve(workingDirectory, prelude)
    if (!existsSync(path))
      throw new CompileError(`--prelude ${prelude}: there is no file ${path}: name the one that is there.`)
    preludes.push({ source: path, sql: readFileSync(path, 'utf8'), isExpected: preludeExpected })
  }
  return preludes
}
