import { CompileError } from '../compile-error.ts'

/**
 * Imports a package that only the compile needs, so that what runs in the function need not install it.
 * @throws CompileError that names the command to install it
 */
export async function optionalPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (isMissing(error)) {
      throw new CompileError(`Compiling needs ${name}, which is not installed: npm install -D ${name}`)
    }
    throw error
  }
}

export function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND')
  )
}
