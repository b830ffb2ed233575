import { lambdaEntry, serverlessYml } from './lambda-files.ts'
import type { InitPlan } from './plan.ts'
import { packageJson, variablesExample } from './shared-files.ts'
import { workerEntry, wranglerToml } from './worker-files.ts'

/** The files that a team needs: path in the folder to content. */
export function renderFiles(plan: InitPlan): ReadonlyMap<string, string> {
  const shared = [['package.json', packageJson(plan)]] as const
  return plan.platform === 'lambda'
    ? new Map([
        ...shared,
        ['serverless.yml', serverlessYml(plan)],
        ['src/lambda.ts', lambdaEntry()],
        ['.env.example', variablesExample(plan)],
      ])
    : new Map([
        ...shared,
        ['wrangler.toml', wranglerToml(plan)],
        ['src/worker.ts', workerEntry()],
        ['.dev.vars.example', variablesExample(plan)],
      ])
}
