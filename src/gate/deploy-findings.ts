import { tokensOf } from '../compile/replay/split-statements.ts'
import type { GateFinding } from './judge/finding.ts'
import type { PendingFile } from './pending/statement.ts'
import { transactionWord } from './pending/statement.ts'

export interface DeployFacts {
  readonly files: readonly PendingFile[]
  readonly driver: string
  readonly oneTransaction: boolean
  /** Whether the role that migrates gives up waiting for a lock some time. */
  readonly hasLockTimeout: boolean
  readonly findings: readonly GateFinding[]
}

/** What is about all pending migrations together. */
export function deployFindings(facts: DeployFacts): GateFinding[] {
  return [...lockTimeoutFinding(facts), ...halfAppliedFinding(facts)]
}

/** Without one, a statement that waits for a lock waits for ever, and everything that comes after it waits too. */
function lockTimeoutFinding({ files, hasLockTimeout, findings }: DeployFacts): GateFinding[] {
  const waits = findings.some((finding) => (finding.waits?.length ?? 0) > 0)
  const sets = files.some(({ statements }) => statements.some(({ text }) => setsLockTimeout(text)))
  if (hasLockTimeout || sets || !waits) return []
  return [
    {
      level: 'warn',
      code: 'no_lock_timeout',
      object: 'lock_timeout',
      message:
        'the role that migrates has no lock_timeout: behind one open transaction the migration waits for ever, and reads and writes wait behind it',
      advice:
        "PGOPTIONS='-c lock_timeout=5s' for the migrating command, or ALTER ROLE … SET lock_timeout = '5s'",
    },
  ]
}

function setsLockTimeout(text: string): boolean {
  const words = tokensOf(text).map((token) => token.toLowerCase())
  return words[0] === 'set' && words.slice(1, 3).includes('lock_timeout')
}

function halfAppliedFinding({ files, driver, oneTransaction }: DeployFacts): GateFinding[] {
  const statements = files.flatMap((file) => file.statements)
  if (!oneTransaction && statements.length > 1) {
    return [
      {
        level: 'warn',
        code: 'half_applied',
        object: driver,
        message: `${driver} has no transaction: when a statement fails, those before it stay, without a row in the migrations table, and the next run starts again at the first of them`,
        advice:
          'one pending statement for each deploy, or a migrator with a transaction: drizzle-kit migrate, or neon-serverless',
      },
    ]
  }
  const commit = statements.find(({ text }) => transactionWord(text) === 'commit')
  if (!commit || !oneTransaction || statements.at(-1) === commit) return []
  return [
    {
      level: 'warn',
      code: 'half_applied',
      object: commit.migration.tag,
      statement: { number: commit.number, text: 'COMMIT' },
      message: `COMMIT ends Drizzle's transaction: when a later statement fails, what came before stays without its row in the migrations table`,
    },
  ]
}
