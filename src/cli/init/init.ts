import { resolve } from 'node:path'
import { painter } from '../terminal/terminal.ts'
import { withAsk } from './ask.ts'
import { renderFiles } from './files.ts'
import { relativePath } from './find-migrations.ts'
import { assertSecretsUntracked } from './git.ts'
import { type InitArguments, makePlan } from './make-plan.ts'
import type { InitPlan } from './plan.ts'
import { packagesOf, scriptsOf } from './shared-files.ts'
import { type Written, writeFiles } from './write-files.ts'

/** Writes the missing files into the folder and prints the next steps. Nothing is written when something is wrong. */
export async function init(words: InitArguments): Promise<number> {
  const plan = await withAsk((ask) => makePlan(words, ask))
  const folder = relativePath(process.cwd(), resolve(words.directory))
  assertSecretsUntracked(resolve(words.directory), plan.platform)
  const outcome = writeFiles(words.directory, renderFiles(plan), plan.platform)
  process.stdout.write(
    `${describe(folder, outcome).join('\n')}\n\n${nextSteps(folder, plan, outcome).join('\n')}\n`,
  )
  return 0
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

/** Where a package.json existed before, its packages and scripts are for the user to add. */
function nextSteps(folder: string, plan: InitPlan, { kept }: Written): string[] {
  const [example, local] =
    plan.platform === 'lambda' ? ['.env.example', '.env'] : ['.dev.vars.example', '.dev.vars']
  const packages = packagesOf(plan)
  const install = kept.includes('package.json')
    ? [
        `npm install ${packagesToInstall(packages.dependencies)}`,
        `npm install --save-dev ${packagesToInstall(packages.devDependencies)}`,
        `and add these scripts: ${Object.entries(scriptsOf(plan))
          .map(([name, script]) => `\n    ${name}: ${script}`)
          .join('')}`,
      ]
    : ['npm install']
  return [
    'Next:',
    ...[
      ...(folder === '.' ? [] : [`cd ${folder}`]),
      ...install,
      `cp ${example} ${local}    # fill in`,
      'npm run compile',
      'npm run check',
      'npm run deploy',
      'npm run smoke -- https://…',
    ].map((line) => `  ${line}`),
  ]
}

const packagesToInstall = (packages: Readonly<Record<string, string>>): string =>
  Object.entries(packages)
    .map(([name, version]) => `${name}@${version}`)
    .join(' ')
