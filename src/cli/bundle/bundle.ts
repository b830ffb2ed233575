import { bundleLambda } from './bundle-lambda.ts'

/** Where the serverless.yml of init finds the bundle. A folder of its own, since it is emptied first. */
const directory = 'dist/lambda'

/**
 * `edge-health bundle`: bundles the Lambda function as this package's own deployment is bundled.
 *
 * @param entry the module that exports the handler
 * @returns the exit code: 0 written, 1 when it cannot be bundled, after esbuild has said why
 */
export async function bundle(entry: string): Promise<number> {
  try {
    await bundleLambda({ entry, directory })
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    return 1
  }
  console.log(`${directory}/lambda.mjs written`)
  return 0
}

/** https://esbuild.github.io/api/#js-api-failure: what is wrong was printed already. */
const isBuildFailure = (error: unknown): boolean => error instanceof Error && 'errors' in error
