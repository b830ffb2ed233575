/**
 * What stops a compile: one sentence for the person at the terminal that says what is wrong and how to go on.
 * Anything else that is thrown is a defect of this package.
 */
export class CompileError extends Error {
  override readonly name = 'CompileError'
}

/** The message of what was thrown, which may be anything. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
