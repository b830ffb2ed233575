import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleLambda } from '../cli/bundle/bundle-lambda.ts'

/** The top directory of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Bundles this repository's own function.
 *
 * @param directory where `lambda.mjs` is written; by default where serverless.yml finds it
 */
export function bundleOwnLambda(directory = join(root, 'dist', 'lambda')): Promise<void> {
  return bundleLambda({ entry: join(root, 'src', 'release', 'lambda.ts'), directory })
}
