import { resolve } from 'node:path'
import { painter } from '../terminal.ts'
import { withAsk } from './ask.ts'
import { renderFiles } from './files.ts'
import { relativePath } from './find-migrations.ts'
import { type InitArguments, makePlan } from './make-plan.ts'
import type { InitPlan } from './plan.ts'
import { type Written, writeFiles } from './write-files.ts'

/** Writes what is missing into the folder and says how to go on. Nothing is written when something is wrong. */
export async function init(words: InitArguments): Promise<number> {
  const plan = await withAsk((ask) => makePlan(words, ask))
  const folder = relativePath(process.cwd(), resolve(words.directory))
  const outcome = writeFiles(words.directory, renderFiles(plan))
  process.stdout.write(`${describe(folder, outcome).join('\n')}\n\n${nextSteps(folder, plan).join('\n')}\n`)
  return 0
}

function describe(folder: string, { written, kept }: Written): string[] {
  const paint = painter(process.stdout)
  const path = (file: string) => (folder === '.' ? file : `${folder}/${file}`)
  return [
    ...written.map((file) => `${paint('green', 'written')}  ${path(file)}`),
    ...kept.map((file) => `${paint('yellow', 'kept')}     ${path(file)} (it was there before)`),
  ]
}

function nextSteps(folder: string, { platform }: InitPlan): string[] {
  const [example, local] =
    platform === 'lambda' ? ['.env.example', '.env'] : ['.dev.vars.example', '.dev.vars']
  return [
    'Next:',
    ...(folder === '.' ? [] : [`  cd ${folder}`]),
    '  npm install',
    `  cp ${example} ${local}    # fill in; keep it and .edge-health/ out of git`,
    '  npm run compile',
    '  npm run check',
    '  npm run deploy',
    '  npm run smoke -- https://…',
  ]
}
