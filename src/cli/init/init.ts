import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { compileNode, isNode } from '../node-version.ts'
import { painter } from '../terminal/terminal.ts'
import { withAsk } from './ask.ts'
import { renderFiles } from './files.ts'
import { relativePath } from './find-migrations.ts'
import { assertSecretsUntracked, secretsFile } from './git.ts'
import { type InitArguments, makePlan } from './make-plan.ts'
import { nextSteps } from './next-steps.ts'
import { assertOwnDeployment, withoutUnread } from './own-deployment.ts'
import { declaredPackages, isOurs } from './package-json.ts'
import type { InitPlan } from './plan.ts'
import { type Written, writeFiles } from './write-files.ts'

/** Writes the missing files into the folder and prints the next steps. Nothing is written when something is wrong. */
export async function init(words: InitArguments): Promise<number> {
  const plan = await withAsk((ask) => makePlan(words, ask))
  const folder = relativePath(process.cwd(), resolve(words.directory))
  assertSecretsUntracked(resolve(words.directory), plan.platform)
  assertOwnDeployment(resolve(words.directory), plan.platform)
  const files = withoutUnread(resolve(words.directory), renderFiles(plan))
  const outcome = writeFiles(words.directory, files, plan.platform)
  const isTheirs = outcome.kept.includes('package.json') && !isOurs(words.directory)
  const existing = isTheirs ? { packages: new Set(declaredPackages(words.directory).keys()) } : undefined
  const paragraphs = [
    [neededNode()],
    [...describe(folder, outcome), ...leftOut(plan, outcome)],
    nextSteps(folder, plan, {
      existing,
      hasSecrets: existsSync(join(words.directory, secretsFile[plan.platform])),
    }),
  ]
  process.stdout.write(`${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`)
  return 0
}

/** Names of what a check is of, as people know it. */
const used: Readonly<Record<string, string>> = { celery: 'Celery', redis: 'Redis' }

function leftOut({ platform, checks }: InitPlan, { written }: Written): string[] {
  const file = platform === 'lambda' ? 'serverless.yml' : 'wrangler.toml'
  const missing = Object.keys(used).filter((name) => !checks.includes(name))
  if (missing.length === 0 || !written.includes(file)) return []
  const names = missing.map((name) => used[name]).join(' or ')
  return [
    '',
    `HEALTH_CHECKS is ${checks.join()} in ${file}: nothing here uses ${names}. Add what is elsewhere.`,
  ]
}

/** Before anything else: with an older one the first of the next steps would fail. */
function neededNode(): string {
  const line = `Needs Node ${compileNode.join('.')} or later; this is ${process.version}.`
  return isNode(compileNode) ? line : painter(process.stdout)('yellow', line)
}

function describe(folder: string, { written, extended, kept }: Written): string[] {
  const paint = painter(process.stdout)
  const path = (file: string) => (folder === '.' ? file : `${folder}/${file}`)
  return [
    ...written.map((file) => `${paint('green', 'written')}  ${path(file)}`),
    ...extended.map((file) => `${paint('green', 'extended')} ${path(file)}`),
    ...kept.map((file) => `${paint('yellow', 'kept')}     ${path(file)} (it existed before)`),
  ]
}
