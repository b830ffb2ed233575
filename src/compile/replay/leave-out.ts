import { chunksOf, type Migration } from '../migrations/migration.ts'
import { isCommentedOut } from '../migrations/pulled-file.ts'
import { extensionsIn } from './embedded-postgres.ts'
import { splitStatements, withoutComments } from './split-statements.ts'

/** What is run of a file, and how much was left out because it was asked for. */
export interface Parts {
  /** In their order; each is run by itself. */
  readonly parts: readonly string[]
  readonly statementsLeftOut: number
  /** Extensions that these would have made. */
  readonly extensionsLeftOut: readonly string[]
  /** How many statements the file has; counted only where some are left out. */
  readonly statements: number
}

/**
 * The chunks of a file without the statements that `skip` matches. Where it matches a chunk and no single statement of
 * it, the whole chunk is left out.
 */
export function leaveOut({ sql }: Migration, skip: RegExp | undefined): Parts {
  // Its chunks are pieces of one comment.
  if (isCommentedOut(sql)) return { ...nothingLeftOut, parts: [] }
  const chunks = chunksOf(sql)
  if (skip === undefined || !chunks.some((chunk) => skip.test(chunk))) {
    return { ...nothingLeftOut, parts: chunks }
  }
  const leftOut: string[] = []
  const parts = chunks.flatMap((chunk) => {
    if (!skip.test(chunk)) return [chunk]
    const statements = splitStatements(chunk)
    const rest = statements.filter((statement) => !skip.test(statement))
    const kept = rest.length === statements.length ? [] : rest
    leftOut.push(...statements.filter((statement) => !kept.includes(statement)))
    return kept
  })
  return {
    parts,
    statementsLeftOut: leftOut.length,
    // Rows and comments may speak of extensions too.
    extensionsLeftOut: extensionsIn(
      leftOut.map(withoutComments).filter((text) => /^(?:create|do)\b/i.test(text)),
    ),
    statements: chunks.flatMap(splitStatements).length,
  }
}

const nothingLeftOut: Omit<Parts, 'parts'> = { statementsLeftOut: 0, extensionsLeftOut: [], statements: 0 }
