import { messageOf } from '../../compile/compile-error.ts'
import { type Database, isDatabaseError } from '../../compile/replay/database.ts'
import { withoutModifiers } from '../../compile/replay/missing-extension.ts'
import { changedTables } from '../measure/changed-tables.ts'
import { type Effect, rowsChanged } from '../measure/effect.ts'
import { commitQuery } from '../measure/queries.ts'
import { type MeasuringSession, startMeasuring } from '../measure/session.ts'
import { decidesByRows } from './decides-by-rows.ts'
import { type OutsideForm, outsideForm } from './outside.ts'
import { branches, isSaid, notReached, problemOf, several, undone } from './problems.ts'
import { type Known, type Recovery, recover } from './recovery.ts'
import { createRequiredColumns, type ReadRequiredColumns } from './required-columns.ts'
import {
  chainsTransaction,
  isSetting,
  type PendingFile,
  type PendingStatement,
  partOf,
  refusedAlone,
  refusedCopy,
  transactionWord,
} from './statement.ts'
import type { Problem, Step } from './step.ts'

export interface RunOptions extends Known {
  /** Whether the driver runs all pending files in one transaction; else each part of a file is one of its own. */
  readonly oneTransaction: boolean
  /** Called after each file, with the transaction still open. */
  readonly onFile?: (file: PendingFile) => Promise<void>
}

/**
 * Runs what is pending, one statement at a time, as the driver would, and measures each. A statement that cannot run here
 * is a problem of its step, and the ones behind it are measured all the same, unless production would stop there too.
 * The last transaction stays open.
 *
 * @returns a step for each statement, in their order
 */
export async function runPending(
  database: Database,
  files: readonly PendingFile[],
  options: RunOptions,
): Promise<Step[]> {
  // Before the first look, so that the counters of what ran before it are not taken for those of a statement.
  await database.exec(commitQuery)
  if (options.oneTransaction) await database.exec('begin')
  const run = new PendingRun(database, await startMeasuring(database), options)
  for (const file of files) {
    for (const statement of file.statements) await run.take(statement)
    await options.onFile?.(file)
  }
  return run.steps
}

/** One run of the pending statements. */
class PendingRun {
  readonly steps: Step[] = []
  /** Texts that ran in the open transaction, to be run again after a failure rolled it back. */
  private done: string[] = []
  private isOpen: boolean
  private transaction: number
  private stoppedBy: PendingStatement | undefined
  /** The part of a file whose statements are sent at once: without a transaction around it, it is one. */
  private sharedPart: string | undefined
  private readonly database: Database
  private readonly session: MeasuringSession
  private readonly requiredColumns: ReadRequiredColumns
  private readonly options: RunOptions

  /** @param options when they say one transaction, it has begun already */
  constructor(database: Database, session: MeasuringSession, options: RunOptions) {
    this.database = database
    this.session = session
    this.requiredColumns = createRequiredColumns(database, session)
    this.options = options
    this.isOpen = options.oneTransaction
    this.transaction = options.oneTransaction ? 1 : 0
  }

  async begin(): Promise<void> {
    await this.database.exec('begin')
    this.isOpen = true
    this.transaction++
    this.done = []
  }

  async end(isUndone = false): Promise<void> {
    if (!this.isOpen) return
    if (isUndone) await this.database.exec('rollback')
    else await this.commit()
    this.session.release()
    this.isOpen = false
    this.sharedPart = undefined
    this.done = []
  }

  /** Postgres checks deferred constraints only now. The rows that they need may be in production; here they are missing. */
  private async commit(): Promise<void> {
    try {
      await this.database.exec(commitQuery)
    } catch {
      await this.database.exec('set session_replication_role = replica; begin')
      for (const text of this.done) await this.database.exec(text)
      await this.database.exec(`${commitQuery}; set session_replication_role = origin`)
      await this.session.refresh()
    }
  }

  async take(statement: PendingStatement): Promise<void> {
    if (this.stoppedBy) return this.add(statement, [], [notReached(this.stoppedBy)])
    if (this.sharedPart !== undefined && this.sharedPart !== partOf(statement)) await this.end()
    const refused = refusedCopy(statement.text) ?? (this.isOpen ? undefined : refusedAlone(statement))
    if (refused !== undefined) {
      this.stoppedBy = statement
      return this.add(statement, [], [{ kind: 'fails', message: refused }])
    }
    const word = transactionWord(statement.text)
    if (word === undefined || word === 'rollback to') return this.measure(statement, word === 'rollback to')
    if (word === 'begin') {
      if (!this.isOpen && !this.isRequest(statement)) await this.begin()
      this.sharedPart = undefined
      return this.add(statement, [], [])
    }
    const problems: Problem[] = word === 'rollback' && this.done.length > 0 ? [undone] : []
    if (word === 'rollback' && this.isOpen) {
      await this.database.exec('rollback; begin')
      // Every file is the one of before again.
      await this.session.refresh()
    }
    const isChained = this.isOpen && chainsTransaction(statement.text)
    await this.end()
    this.add(statement, [], problems)
    if (isChained) await this.begin()
  }

  private async measure(statement: PendingStatement, bringsBack: boolean): Promise<void> {
    const isOwn = !this.isOpen
    // Several statements that are sent at once are in a transaction all the same.
    const isAlone = isOwn && statement.ofPart === 1
    if (isOwn) await this.begin()
    const problems: Problem[] = this.problemsOfPart(statement)
    let [text = ''] = withoutModifiers([statement.text], this.options.missing)
    const original = text
    let form: OutsideForm | undefined
    for (let attempt = 0; ; attempt++) {
      try {
        const measured = await this.effectsOf(text, bringsBack)
        const effects = form?.correct(measured) ?? measured
        this.done.push(text)
        if (isAlone && form?.sql) problems.push(...(await this.refusedOutside(statement, original, text)))
        if (decidesByRows(text, (name) => this.session.find(name) !== undefined)) problems.push(branches)
        this.add(statement, effects, problems, await this.requiredColumns(statement.text, effects))
        break
      } catch (error) {
        await this.database.exec('rollback')
        const recovery = await recover(this.database, this.options, text, error, attempt)
        text = recovery.text
        const problem = problemOf(recovery, isAlone)
        if (problem && !isSaid(problem, problems)) problems.push(problem)
        await this.again(recovery.way === 'after commit')
        if (recovery.way === 'retry' || recovery.way === 'after commit') continue
        if (recovery.way === 'outside') {
          // Postgres looks at its names only now, and may refuse it again.
          form = outsideForm(text, this.session.relations)
          text = form.sql
          if (form.notMeasured) problems.push({ kind: 'not_measured', reason: form.notMeasured })
          continue
        }
        this.add(statement, await this.effectsInstead(recovery), problems)
        if (recovery.way === 'stop') this.stoppedBy = statement
        break
      }
    }
    if (isOwn && !isAlone && this.options.oneTransaction) this.sharedPart = partOf(statement)
    else if (isOwn) await this.end(this.isRequest(statement) && isSetting(statement.text))
  }

  /**
   * Where no transaction is around it, Postgres looks at more: it refuses CONCURRENTLY for a partitioned table (0A000, 55000).
   *
   * @param text as it stands @param form the other one, which may do without what is missing here
   */
  private async refusedOutside(statement: PendingStatement, text: string, form: string): Promise<Problem[]> {
    await this.database.exec('rollback')
    const error = await this.database.exec(text).then(() => undefined, Object)
    await this.database.exec('begin')
    const isRefused = isDatabaseError(error) && /^(?:0A000|55000)$/.test(error.code)
    this.done = error && !isRefused ? [form] : []
    for (const again of this.done) await this.database.exec(again)
    await this.session.refresh()
    if (!isRefused) return []
    this.stoppedBy = statement
    return [{ kind: 'fails', message: messageOf(error) }]
  }

  /** Whether it is sent over HTTP by itself: its session ends with it, and so does a transaction or a setting that it begins. */
  private isRequest = ({ ofPart }: PendingStatement): boolean => !this.options.oneTransaction && ofPart === 1

  /** @param bringsBack whether the statement brings files of before back, as ROLLBACK TO does, which writes nothing */
  private async effectsOf(text: string, bringsBack: boolean): Promise<readonly Effect[]> {
    const effects = await this.session.measure(text)
    if (!bringsBack) return effects
    await this.session.refresh()
    return []
  }

  /** Everything up to the failed statement, once more. The locks stay known: in production they are held all the time. */
  private async again(commit: boolean): Promise<void> {
    await this.database.exec('begin')
    for (const text of this.done) await this.database.exec(text)
    if (commit) {
      await this.commit()
      await this.database.exec('begin')
      this.done = []
    }
    await this.session.refresh()
  }

  /** What is known of a statement that cannot be measured as it stands. */
  private async effectsInstead({ way, text }: Recovery): Promise<Effect[]> {
    if (way === 'without foreign keys') {
      const sql = `set local session_replication_role = replica; ${text}`
      const effects = await this.session.measure(sql)
      await this.database.exec('set local session_replication_role = origin')
      this.done.push(sql, 'set local session_replication_role = origin')
      return effects
    }
    return way === 'skip' ? this.effectsByText(text) : []
  }

  private effectsByText(text: string): Effect[] {
    return [...changedTables(text)].flatMap((name) => this.session.find(name) ?? []).map(rowsChanged)
  }

  /** 42601: over HTTP a part goes out as one prepared statement. */
  private problemsOfPart(statement: PendingStatement): Problem[] {
    if (this.options.oneTransaction || statement.ofPart === 1) return []
    const isFirst = !this.steps.some((step) => partOf(step.statement) === partOf(statement))
    return isFirst ? [several(statement.ofPart)] : []
  }

  private add(
    statement: PendingStatement,
    effects: readonly Effect[],
    problems: readonly Problem[],
    requiredColumns: Step['requiredColumns'] = [],
  ): void {
    this.steps.push({ statement, transaction: this.transaction, effects, problems, requiredColumns })
  }
}
