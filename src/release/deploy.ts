import { readFileSync } from 'node:fs'
import type { ExpectedSchema } from '../checks/migrations/expected-schema.ts'
import { compileExpectedSchema } from '../compile/compile.ts'
import { CompileError } from '../compile/compile-error.ts'
import { currentRelease } from './current-release.ts'
import { bundleOwnLambda } from './own-lambda.ts'
import { refusalOfProject, refusalOfSchema } from './refusal.ts'
import { DeployError, runTool } from './run-tool.ts'

const help = `Usage: npm run deploy:worker -- [--force] [options of wrangler deploy]
       npm run deploy:lambda -- [--force] [options of osls deploy]

Compiles the expected schema of the migrations that DRIZZLE_CONFIG names, and deploys the function with it. The release
is SENTRY_RELEASE, else the git commit. Refused when the models have what no migration makes, unless --force is given.
`

type Target = 'worker' | 'lambda'
type Environment = NodeJS.ProcessEnv

/** Compiles and judges the expected schema in the working directory. @throws {DeployError | CompileError} */
async function prepare(environment: Environment, force: boolean): Promise<void> {
  const refused = refusalOfProject(environment['DRIZZLE_CONFIG'])
  if (refused) throw new DeployError(refused)
  const { output, summary, notes, warnings } = await compileExpectedSchema()
  for (const note of notes) console.error(note)
  for (const warning of warnings) console.error(`Warning: ${warning}`)
  console.error(`Expected schema: ${summary}`)
  const schema: ExpectedSchema = JSON.parse(readFileSync(output, 'utf8'))
  const reason = refusalOfSchema(schema)
  if (reason && !force) throw new DeployError(reason)
}

async function deploy(target: Target, args: readonly string[], environment: Environment): Promise<void> {
  await prepare(environment, args.includes('--force'))
  const release = currentRelease(environment, process.cwd())
  if (release.warning) console.error(`Warning: ${release.warning}`)
  console.error(`Release: ${release.name}`)
  const passed = args.filter((argument) => argument !== '--force')
  const named = { ...environment, SENTRY_RELEASE: release.name }
  if (target === 'worker') {
    return runTool('wrangler', ['deploy', '--var', `SENTRY_RELEASE:${release.name}`, ...passed], named)
  }
  await bundleOwnLambda()
  return runTool('osls', ['deploy', ...passed], named)
}

/** @returns the exit code: 0 deployed, 1 refused or failed with a sentence on stderr, 2 when the arguments are wrong */
async function main([target, ...args]: readonly string[], environment: Environment): Promise<number> {
  if (target !== 'worker' && target !== 'lambda') {
    console.error(help)
    return 2
  }
  if (args.includes('--help')) {
    console.log(help)
    return 0
  }
  try {
    await deploy(target, args, environment)
    return 0
  } catch (error) {
    if (!(error instanceof DeployError) && !(error instanceof CompileError)) throw error
    console.error(`error: ${error.message}`)
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2), process.env)
