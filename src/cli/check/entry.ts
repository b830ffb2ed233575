import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { HealthCheckOptions } from '../../application.ts'
import { installModuleHooks } from '../../compile/project/module-hooks.ts'
import { secretsOf } from '../../config/config.ts'
import { createScrub } from '../../core/scrub.ts'
import { thrownText } from '../../core/thrown-text.ts'
import { optionsOf } from '../../options-of.ts'
import { assertNode, compileNode } from '../node-version.ts'
import { UsageError } from '../usage-error.ts'

/**
 * What the entry file was made with: its own checks, above all. The file is imported here, so its top level runs.
 *
 * @throws {UsageError} when it cannot be imported, or exports nothing that this package has made
 */
export async function readEntry(file: string): Promise<HealthCheckOptions> {
  assertNode('check --entry', compileNode)
  installModuleHooks()
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const found = nextResolve(specifier, context)
      // A bundler takes JSON as it is; Node wants it said.
      return found.url.endsWith('.json') ? { ...found, importAttributes: { type: 'json' } } : found
    },
  })
  const exported = await importEntry(file)
  const made = Object.values(exported).flatMap((each) => optionsOf(each) ?? [])
  if (made[0] === undefined) {
    throw new UsageError(
      `--entry: ${file} exports nothing that createWorker, createHandler or createHealthCheck has made. Export that from a file that starts no server.`,
    )
  }
  return made[0]
}

async function importEntry(file: string): Promise<object> {
  try {
    return await Promise.race([import(pathToFileURL(resolve(file)).href), laterError()])
  } catch (error) {
    const [reason = ''] = createScrub(secretsOf(process.env))(thrownText(error)).split('\n')
    throw new UsageError(`--entry: ${file} cannot be imported: ${reason}`)
  }
}

/** Rejects with what a file throws after its top level, such as a server that it starts on a port that is taken. */
const laterError = (): Promise<never> =>
  new Promise((_, reject) => {
    process.on('uncaughtException', reject)
  })
