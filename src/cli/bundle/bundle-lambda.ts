import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

/**
 * The Upstash SDK takes its hash for scripts from a module that loads all of Node's cryptography and streams at once,
 * a third of the time that the function needs to be there. This one loads it when a hash is asked for.
 */
const lazyCrypto: Plugin = {
  name: 'lazy-crypto',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^uncrypto$/ }, ({ path }) => ({ path, namespace: 'lazy-crypto' }))
    onLoad({ filter: /.*/, namespace: 'lazy-crypto' }, () => ({
      contents: 'export const subtle = { digest: (...all) => globalThis.crypto.subtle.digest(...all) }',
    }))
  },
}

interface BundleOptions {
  /** The module that exports the handler. */
  readonly entry: string
  /** Where `lambda.mjs` is written; emptied first. */
  readonly directory: string
}

/**
 * Bundles the Lambda function as ES modules: `lambda.mjs`, and apart from it what is only loaded when a Sentry DSN is
 * set. Without the split, Lambda would read the SDK at every cold start.
 */
export async function bundleLambda({ entry, directory }: BundleOptions): Promise<void> {
  rmSync(directory, { recursive: true, force: true })
  await build({
    entryPoints: { lambda: entry },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    legalComments: 'none',
    // Leaves out traces, which nothing here uses: https://docs.sentry.io/platforms/javascript/configuration/tree-shaking/
    define: { __SENTRY_DEBUG__: 'false', __SENTRY_TRACING__: 'false' },
    logLevel: 'warning',
    // What is CommonJS among the dependencies asks for Node's own modules by `require`.
    plugins: [lazyCrypto],
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  })
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}\n')
}
