import { packageLambda } from './package-lambda.ts'
import { DeployError } from './run-tool.ts'

try {
  await packageLambda()
} catch (error) {
  if (!(error instanceof DeployError)) throw error
  console.error(`error: ${error.message}`)
  process.exitCode = 1
}
