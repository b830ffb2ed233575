import { versions } from '../compile/package-info.ts'
import { errorCode } from '../core/error-code.ts'
import { UsageError } from './usage-error.ts'

/**
 * What to install when a command's code could not be loaded because a package is not there.
 *
 * @param needs the packages that the command needs beyond this package's own dependencies
 * @param folder where the command runs, whose package manager the advice is for
 * @returns undefined when the error is of another kind
 */
export async function explainMissingPackage(
  command: string,
  error: unknown,
  needs: readonly string[] = [],
  folder: string = process.cwd(),
): Promise<UsageError | undefined> {
  if (!(error instanceof Error) || errorCode(error) !== 'ERR_MODULE_NOT_FOUND') return undefined
  const named = /^Cannot find package '((?:@[^/']+\/)?[^/']+)/.exec(error.message)?.[1]
  if (named === undefined) return undefined
  // All at once, so that one installation is enough.
  const missing = [...new Set([named, ...needs.filter((name) => !isInstalled(name))])]
  const install = missing.map((name) => (versions[name] ? `${name}@${versions[name]}` : name)).join(' ')
  return new UsageError(
    `edge-health ${command} needs ${missing.join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} not installed: ${await addDevIn(folder)} ${install}`,
  )
}

/** Loaded only here: no other command needs it at its start. */
async function addDevIn(folder: string): Promise<string> {
  const { findPackageManager } = await import('./init/package-manager.ts')
  const { findRepository } = await import('./init/repository.ts')
  return findPackageManager(folder, findRepository(folder)).addDev
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch (error) {
    // Installed, but not made to be imported by its bare name.
    return errorCode(error) !== 'ERR_MODULE_NOT_FOUND'
  }
}
