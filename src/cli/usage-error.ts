/** The command was not understood, or what it needs is missing: printed as its message alone, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
