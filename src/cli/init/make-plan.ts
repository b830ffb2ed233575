import { resolve } from 'node:path'
import { versions } from '../../compile/package-info.ts'
import { UsageError } from '../usage-error.ts'
import type { Ask } from './ask.ts'
import { chooseMigrations } from './choose-migrations.ts'
import { assertCron } from './event-bridge-cron.ts'
import { checksFor, findUses } from './find-uses.ts'
import { installedSpec } from './installed-spec.ts'
import { applicationName } from './package-json.ts'
import { findPackageManager } from './package-manager.ts'
import type { InitPlan } from './plan.ts'
import { findRepository } from './repository.ts'
import { placeInWorkspace } from './workspace.ts'

/** The options of the command line. What is absent is asked for on a terminal; without one the default is taken. */
export interface InitArguments {
  readonly directory: string
  readonly lambda: boolean
  readonly name?: string | undefined
  readonly region?: string | undefined
  readonly cron?: string | undefined
  readonly config?: string | undefined
  readonly migrations?: string | undefined
}

/** @throws {UsageError} when an option is wrong, or no migrations are found */
export async function makePlan(words: InitArguments, ask: Ask): Promise<InitPlan> {
  const folder = resolve(words.directory)
  const root = findRepository(folder)
  const migrations = await chooseMigrations({ ...words, folder, root }, ask)
  const platform = words.lambda ? 'lambda' : 'workers'
  const name = words.name ?? (await ask('Name of the function', defaultName(root, platform)))
  const region = words.region ?? (await ask('Region of the database, such as eu-central-1', ''))
  const cron = words.cron ?? (await ask('Schedule, in cron fields (UTC)', '*/15 * * * *'))
  assertCron(cron)
  return {
    platform,
    name: assertName(name),
    region: region ? readRegion(region, platform) : undefined,
    cron,
    checks: checksFor(findUses(root)),
    packageManager: findPackageManager(folder, root),
    workspace: placeInWorkspace(folder, root),
    versions: { ...versions, [ours]: installedSpec(ours, versions[ours] ?? '*', folder, root) },
    ...migrations,
  }
}

const ours = 'edge-health-check'

/**
 * It holds the application's name, because a second "health-check" in one account would replace the first. The two flavours
 * have two names: a workspace takes each name once.
 */
function defaultName(root: string, platform: InitPlan['platform']): string {
  const name = applicationName(root)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  return [name.slice(0, 33), 'health-check', platform === 'lambda' ? 'lambda' : ''].filter(Boolean).join('-')
}

function assertName(name: string): string {
  if (/^[a-z][a-z0-9-]{0,53}$/.test(name)) return name
  throw new UsageError(
    `--name expects at most 54 lower-case letters, digits and dashes, a letter first, and got "${name}".`,
  )
}

/** Workers name a region `aws:eu-central-1`, Lambda `eu-central-1`; both are accepted. */
function readRegion(region: string, platform: InitPlan['platform']): string {
  const match = /^(?:(aws|gcp|azure):)?([a-z0-9-]+)$/.exec(region)
  const [, cloud = 'aws', place] = match ?? []
  if (!place || (platform === 'lambda' && cloud !== 'aws')) {
    throw new UsageError(`--region expects a region such as aws:eu-central-1, and got "${region}".`)
  }
  return platform === 'lambda' ? place : `${cloud}:${place}`
}
