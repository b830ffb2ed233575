import { tokensOf } from '../compile/replay/split-statements.ts'
import type { GateFinding } from './judge/finding.ts'
import { type PendingFile, transactionWord } from './pending/statement.ts'
import type { GatedMigration } from './report.ts'

export interface LockTimeoutFacts {
  readonly files: readonly PendingFile[]
  readonly migrations: readonly Pick<GatedMigration, 'tag' | 'findings'>[]
  /** Whether the statements share a session, so that a SET lasts beyond its own. */
  readonly oneTransaction: boolean
  /** Whether the role that migrates stops waiting for a lock after some time. */
  readonly hasLockTimeout: boolean
}

/** Without one, a statement that waits for a lock waits for ever, and everything that comes after it waits too. */
export function lockTimeoutFinding(facts: LockTimeoutFacts): GateFinding[] {
  if (!waitsForEver(facts)) return []
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

/** Whether one statement that makes others wait is run without a limit for its own waiting. */
function waitsForEver({ files, migrations, oneTransaction, hasLockTimeout }: LockTimeoutFacts): boolean {
  const waiting = new Set(
    migrations.flatMap(({ tag, findings }) =>
      findings.filter(({ waits }) => waits?.length).map(({ statement }) => `${tag} ${statement?.number}`),
    ),
  )
  let limit = hasLockTimeout
  /** What `SET LOCAL` put in its place until the transaction ends. */
  let local: boolean | undefined
  for (const { migration, number, text } of files.flatMap(({ statements }) => statements)) {
    if (!(local ?? limit) && waiting.has(`${migration.tag} ${number}`)) return true
    if (['commit', 'rollback'].includes(transactionWord(text) ?? '')) local = undefined
    const set = oneTransaction ? lockTimeoutIn(text) : undefined
    if (set === undefined) continue
    const isLimit = set.value === 'default' ? hasLockTimeout : /[1-9]/.test(set.value)
    local = set.isLocal ? isLimit : undefined
    if (!set.isLocal) limit = isLimit
  }
  return false
}

/** The value that a statement sets; undefined for any other statement. */
function lockTimeoutIn(text: string): { readonly value: string; readonly isLocal: boolean } | undefined {
  const words = tokensOf(text).map((token) => token.toLowerCase())
  const at = words.indexOf('lock_timeout')
  if (words[0] !== 'set' || at < 1 || at > 2) return undefined
  return { value: words[at + 2] ?? '', isLocal: words[1] === 'local' }
}
