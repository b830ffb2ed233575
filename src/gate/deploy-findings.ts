import type { GateFinding } from './judge/finding.ts'
import { type LockTimeoutFacts, lockTimeoutFinding } from './lock-timeout.ts'
import { transactionWord } from './pending/statement.ts'

interface DeployFacts extends LockTimeoutFacts {
  readonly driver: string
}

/** What is about all pending migrations together. */
export function deployFindings(facts: DeployFacts): GateFinding[] {
  return [...lockTimeoutFinding(facts), ...halfAppliedFinding(facts)]
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
  if (!commit || statements.at(-1) === commit) return []
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
