import { existsSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { StartError } from '../../dev/start-error.ts'
import { readWranglerConfig } from '../../dev/wrangler-config.ts'
import { UsageError } from '../usage-error.ts'
import { relativePath } from './find-migrations.ts'
import type { InitPlan } from './plan.ts'

const entryOf = { workers: 'src/worker.ts', lambda: 'src/lambda.ts' } as const

/** What an entry file of ours imports. */
const ours = 'edge-health-check'

/**
 * Files that exist are kept. Those of another Worker or service would be deployed instead of the health check.
 *
 * @throws {UsageError} which says both ways to go on
 */
export function assertOwnDeployment(folder: string, platform: InitPlan['platform']): void {
  const file = platform === 'workers' ? otherWorker(folder) : otherService(folder)
  const entry = entryOf[platform]
  const other = file ?? (lacks(join(folder, entry), ours) ? entry : undefined)
  if (other === undefined) return
  throw new UsageError(
    `${relativePath(process.cwd(), join(folder, other))} belongs to another function. Name a folder of its own, as in edge-health init apps/health, or mount the health check in that function: https://github.com/edge-health-check/edge-health-check/blob/main/docs/platforms.md`,
  )
}

/** Also a configuration in JSON without an entry: wrangler would not read a wrangler.toml beside it. */
function otherWorker(folder: string): string | undefined {
  const config = readConfig(folder)
  if (!config) return undefined
  const { fileName, values } = config
  const main = values['main']
  if (typeof main !== 'string') return fileName === 'wrangler.toml' ? undefined : fileName
  // An entry file with another name may have the health check in it, too.
  const isOurs = normalize(main) === normalize(entryOf.workers) || !lacks(join(folder, main), ours)
  return isOurs ? undefined : fileName
}

function readConfig(folder: string): ReturnType<typeof readWranglerConfig> {
  try {
    return readWranglerConfig(folder)
  } catch (error) {
    throw error instanceof StartError ? new UsageError(error.message) : error
  }
}

const otherService = (folder: string): string | undefined =>
  ['serverless.yml', 'serverless.yaml'].find((name) =>
    lacks(join(folder, name), 'dist/lambda/lambda.handler'),
  )

/** Whether a file is there and does not have the text. */
const lacks = (path: string, text: string): boolean =>
  existsSync(path) && !readFileSync(path, 'utf8').includes(text)

/** Without wrangler.toml where there is a wrangler.json or wrangler.jsonc, beside which wrangler would not read it. */
export function withoutUnread(
  folder: string,
  files: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const found = readConfig(folder)?.fileName ?? 'wrangler.toml'
  return new Map([...files].filter(([path]) => path !== 'wrangler.toml' || found === path))
}
