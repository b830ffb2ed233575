import { parseArgs } from 'citty'
import type { CompileOptions } from '../../compile/options.ts'
import { valuesOf } from '../arguments.ts'
import { commaList } from '../comma-list.ts'
import { UsageError } from '../usage-error.ts'

/** The options of `edge-health compile`. */
export const compileArguments = {
  config: {
    type: 'string',
    valueHint: 'FILE',
    description: 'drizzle.config to read; DRIZZLE_CONFIG, else the one in this folder, when absent',
  },
  migrations: { type: 'string', valueHint: 'DIR', description: 'The migrations; then no config is read' },
  models: {
    type: 'string',
    valueHint: 'FILE…',
    description: 'Files, folders or patterns of the models; several may follow',
  },
  ledger: {
    type: 'string',
    valueHint: 'SCHEMA.TABLE',
    description: 'Applied migrations; drizzle.__drizzle_migrations when absent',
  },
  casing: { type: 'string', valueHint: 'CASING', description: 'snake_case or camelCase, as in the config' },
  schemas: {
    type: 'string',
    valueHint: 'NAMES',
    description: 'Schemas to compare; public and those that the migrations make when absent',
  },
  preset: {
    type: 'string',
    valueHint: 'neon',
    description: 'Supply what the platform provides, by its name',
  },
  prelude: { type: 'string', valueHint: 'FILE', description: 'SQL to run before the migrations' },
  'prelude-expected': {
    type: 'boolean',
    description:
      'The database must have what the prelude makes: for a dump of the schema before the migrations',
  },
  skip: {
    type: 'string',
    valueHint: 'PATTERN',
    description: 'Leave out the statements that this regular expression matches',
  },
  compare: {
    type: 'string',
    valueHint: 'KINDS',
    description: 'Also compare access, column order, comment, grant, owner or statistics target',
  },
  ignore: {
    type: 'string',
    valueHint: 'PATTERNS',
    description: 'Leave out differences of these objects: public.hdb_*, trigger:public.orders.notify_*',
  },
  'include-partitions': { type: 'boolean', description: 'Also compare partitions' },
  'min-server': {
    type: 'string',
    valueHint: 'VERSION',
    description: 'Oldest major version of Postgres that will be asked: say what cannot be compared there',
  },
  output: {
    type: 'string',
    valueHint: 'FILE',
    description: 'Where to write; .edge-health/expected.json when absent',
  },
  force: {
    type: 'boolean',
    description:
      'Compile even when nothing has changed; changed variables that only the models read are not noticed',
  },
} as const

/** @throws {UsageError} */
export function readCompileOptions(rawArgs: string[]): CompileOptions {
  const { _: rest, models: _, ...words } = parseArgs(rawArgs, compileArguments)
  const all = (name: keyof typeof compileArguments) => valuesOf(rawArgs, compileArguments, name)
  // Not by commas, which stand in patterns; and the shell makes several words of `--models src/*.ts`.
  const models = all('models')
  if (models.length === 0 && rest[0] !== undefined) {
    throw new UsageError(`"${rest[0]}" is one argument too many.`)
  }
  return {
    config: words.config,
    migrations: words.migrations,
    models: givenList([...models, ...(models.length > 0 ? rest : [])]),
    ledger: words.ledger,
    casing: words.casing,
    schemas: givenList(commaList(all('schemas'))),
    preset: words.preset,
    prelude: words.prelude,
    preludeExpected: words['prelude-expected'],
    skip: words.skip,
    compare: givenList(commaList(all('compare'))),
    ignore: givenList(commaList(all('ignore'))),
    includePartitions: words['include-partitions'],
    minServer: majorVersion(words['min-server']),
    output: words.output,
    force: words.force,
  }
}

function givenList(words: readonly string[]): readonly string[] | undefined {
  return words.length > 0 ? words : undefined
}

function majorVersion(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const version = Number(text)
  if (Number.isInteger(version) && version >= 14) return version
  throw new UsageError(`--min-server ${text}: expected a major version of Postgres, 14 or later.`)
}
