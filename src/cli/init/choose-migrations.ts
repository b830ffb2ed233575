import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../usage-error.ts'
import type { Ask } from './ask.ts'
import { findMigrations, migrationsOf, relativePath } from './find-migrations.ts'
import type { InitPlan } from './plan.ts'

interface Where {
  /** Absolute: the folder that init fills, and the repository it is in. */
  readonly folder: string
  readonly root: string
  readonly config?: string | undefined
  readonly migrations?: string | undefined
}

type Choice = Pick<InitPlan, 'source' | 'migrations'>

/** The migrations that are named; without a name the only ones that exist, or those that are chosen on the terminal. */
export async function chooseMigrations(where: Where, ask: Ask): Promise<Choice> {
  const found = findMigrations(where.root)
  const fromConfig = (config: string): Choice => {
    const migrations = migrationsOf(config, found)
    return {
      source: `--config ${quote(relativePath(where.folder, config))}`,
      migrations: migrations && relativePath(where.folder, migrations),
    }
  }
  const fromFolder = (path: string): Choice => {
    const migrations = relativePath(where.folder, path)
    return { source: `--migrations ${quote(migrations)}`, migrations }
  }
  const config = where.config ? fromConfig(existing('config', where.config)) : undefined
  const folder = where.migrations ? fromFolder(existing('migrations', where.migrations)) : undefined
  // As in compile, the folder goes before what the config says of it.
  if (config && folder) return { ...folder, source: `${config.source} ${folder.source}` }
  const named = config ?? folder
  if (named) return named
  if (found.configs.length > 0) return fromConfig(await chooseOne('config', found.configs, where, ask))
  return fromFolder(await chooseOne('migrations', found.folders, where, ask))
}

function existing(option: string, path: string): string {
  const absolute = resolve(path)
  if (existsSync(absolute)) return absolute
  throw new UsageError(`--${option}: ${path} does not exist.`)
}

async function chooseOne(
  option: string,
  candidates: readonly string[],
  { root }: Where,
  ask: Ask,
): Promise<string> {
  const [first, ...others] = candidates
  if (!first) {
    throw new UsageError(
      `No drizzle.config and no migrations were found below ${root}. Name them: --config FILE or --migrations DIR.`,
    )
  }
  if (others.length === 0) return first
  const list = candidates.map((path) => `  ${relativePath(root, path)}`).join('\n')
  const answer = await ask(`Which migrations?\n${list}\n--${option}`, '')
  const chosen = candidates.find((path) => relativePath(root, path) === answer || resolve(answer) === path)
  if (chosen) return chosen
  throw new UsageError(`More than one was found below ${root}; name one with --${option}:\n${list}`)
}

/** For a POSIX shell. */
const quote = (path: string): string =>
  /^[\w./@-]+$/.test(path) ? path : `"${path.replace(/["$`\\]/g, '\\$&')}"`
