import { errorCode } from '../core/error-code.ts'

/** Whether a package or file that was to be loaded is not there, by `import` or by `require`. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
}
