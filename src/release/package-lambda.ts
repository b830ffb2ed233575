import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleOwnLambda, root } from './own-lambda.ts'
import { runTool } from './run-tool.ts'

/** What `npm run package:lambda` leaves for people who deploy in another way; its handler is `dist/lambda/lambda.handler`. */
export const zipPath = join(root, 'dist', 'lambda.zip')

/** Bundles the function and packages it by serverless.yml. @throws {DeployError} when osls refuses */
export async function packageLambda(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  await bundleOwnLambda()
  await runTool('osls', ['package'], environment)
  copyFileSync(join(root, '.serverless', 'health-check.zip'), zipPath)
}
