/**
 * The code that Node gives its errors, such as `ENOENT` or `ERR_MODULE_NOT_FOUND`
 * (https://nodejs.org/api/errors.html#errorcode); undefined for anything that has none.
 *
 * @example errorCode(error) === 'ENOENT'
 */
export function errorCode(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' ? code : undefined
}
