/**
 * What stops a compile: one sentence for the person at the terminal that says what is wrong and how to go on.
 * Everything else that is thrown is a mistake of ours.
 */
export class CompileError extends Error {
  override readonly name = 'CompileError'
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
