import { readFileSync } from 'node:fs'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import type { CompileOptions } from '../../src/compile/options.ts'

/** Compiles a project and reads what is expected. @param options [migrations=drizzle] */
export async function compileFolder(directory: string, options: CompileOptions = { migrations: 'drizzle' }) {
  const compiled = await compileExpectedSchema({ workingDirectory: directory, ...options })
  const expected: ExpectedSchema = JSON.parse(readFileSync(compiled.output, 'utf8'))
  return { ...compiled, expected }
}
