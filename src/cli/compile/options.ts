import { Option } from 'commander'
import type { CompileOptions } from '../../compile/options.ts'
import { collectWords } from '../option-values.ts'
import { UsageError } from '../usage-error.ts'

/** The options of `edge-health compile`. */
export const compileOptions = {
  config: new Option(
    '--config <FILE>',
    'drizzle.config to read; DRIZZLE_CONFIG, else the one in this folder, when absent',
  ),
  migrations: new Option('--migrations <DIR>', 'The migrations; then no config is read'),
  // Not by commas, which stand in patterns; and the shell makes several words of `--models src/*.ts`.
  models: new Option('--models <FILE...>', 'Files, folders or patterns of the models; several may follow'),
  ledger: new Option(
    '--ledger <SCHEMA.TABLE>',
    'Applied migrations; drizzle.__drizzle_migrations when absent',
  ),
  casing: new Option('--casing <CASING>', 'snake_case or camelCase, as in the config'),
  schemas: new Option(
    '--schemas <NAMES>',
    'Schemas to compare; public and those that the migrations make when absent',
  ).argParser(collectWords),
  preset: new Option('--preset <neon>', 'Supply what the platform provides, by its name'),
  prelude: new Option('--prelude <FILE>', 'SQL to run before the migrations'),
  preludeExpected: new Option(
    '--prelude-expected',
    'The database must have what the prelude makes: for a dump of the schema before the migrations',
  ),
  skip: new Option('--skip <PATTERN>', 'Leave out the statements that this regular expression matches'),
  compare: new Option(
    '--compare <KINDS>',
    'Also compare access, column order, comment, grant, owner or statistics target',
  ).argParser(collectWords),
  ignore: new Option(
    '--ignore <PATTERNS>',
    'Leave out differences of these objects: public.hdb_*, trigger:public.orders.notify_*',
  ).argParser(collectWords),
  includePartitions: new Option('--include-partitions', 'Also compare partitions'),
  minServer: new Option(
    '--min-server <VERSION>',
    'Oldest major version of Postgres that will be asked: say what cannot be compared there',
  ).argParser(majorVersion),
  output: new Option('--output <FILE>', 'Where to write; .edge-health/expected.json when absent'),
  force: new Option(
    '--force',
    'Compile even when nothing has changed; changed variables that only the models read are not noticed',
  ),
}

/** What commander makes of them. */
export type CompileWords = Pick<CompileOptions, keyof typeof compileOptions>

/** A list without a word in it counts as not given. */
export function toCompileOptions({ schemas, compare, ignore, ...words }: CompileWords): CompileOptions {
  return { ...words, schemas: givenList(schemas), compare: givenList(compare), ignore: givenList(ignore) }
}

function givenList(words: readonly string[] | undefined): readonly string[] | undefined {
  return words && words.length > 0 ? words : undefined
}

function majorVersion(text: string): number {
  const version = Number(text)
  if (Number.isInteger(version) && version >= 14) return version
  throw new UsageError(`--min-server ${text}: expected a major version of Postgres, 14 or later.`)
}
