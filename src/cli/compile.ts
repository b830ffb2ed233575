import { relative } from 'node:path'
import { stderr } from 'node:process'
import { parseArgs } from 'node:util'
import { compileExpectedSchema } from '../compile/compile.ts'
import { CompileError, messageOf } from '../compile/compile-error.ts'
import type { CompileOptions } from '../compile/options.ts'

/** Reads the arguments of the command line. @throws {TypeError} on one that is unknown or has no value */
export function parseCompileArguments(args: readonly string[]): CompileOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    // Only so that `--models a.ts b.ts` and `--models *.ts` work as the shell writes them.
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      migrations: { type: 'string' },
      models: { type: 'string', multiple: true },
      ledger: { type: 'string' },
      casing: { type: 'string' },
      schemas: { type: 'string', multiple: true },
      preset: { type: 'string' },
      prelude: { type: 'string' },
      skip: { type: 'string' },
      compare: { type: 'string', multiple: true },
      'include-partitions': { type: 'boolean' },
      'min-server': { type: 'string' },
      output: { type: 'string' },
      force: { type: 'boolean' },
    },
  })
  const { 'include-partitions': includePartitions, 'min-server': minServer, ...named } = values
  if (positionals.length > 0 && named.models === undefined) {
    throw new TypeError(`Unexpected argument '${positionals[0]}'`)
  }
  return {
    ...named,
    ...(named.models && { models: [...lists(named.models), ...positionals] }),
    schemas: named.schemas && lists(named.schemas),
    compare: named.compare && lists(named.compare),
    includePartitions,
    minServer: minServer === undefined ? undefined : majorVersion(minServer),
  }
}

function lists(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

function majorVersion(text: string): number {
  const version = Number(text)
  if (Number.isInteger(version) && version >= 15) return version
  throw new TypeError(`--min-server ${text}: expected a major version of Postgres, 15 or later`)
}

/**
 * `edge-health compile`: what was made goes to stdout, everything else to stderr, one line each.
 * @returns the exit code: 0 done, 1 with a sentence on stderr
 */
export async function compile(options: CompileOptions): Promise<number> {
  try {
    const { changed, output, summary, notes, warnings } = await compileExpectedSchema({
      onProgress: stderr.isTTY ? showProgress : undefined,
      ...options,
    })
    clearProgress()
    for (const note of notes) console.error(note)
    for (const warning of warnings) console.error(`Warning: ${warning}`)
    console.log(`${relative('', output)} ${changed ? 'written' : 'unchanged'}: ${summary}`)
    return 0
  } catch (error) {
    clearProgress()
    if (!(error instanceof CompileError)) throw error
    console.error(messageOf(error))
    return 1
  }
}

function showProgress(step: string): void {
  stderr.write(`\r\u001b[K${step} …`)
}

function clearProgress(): void {
  if (stderr.isTTY) stderr.write('\r\u001b[K')
}
