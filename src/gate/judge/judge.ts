import type { Incompatibility } from '../compatibility/compare.ts'
import { relationName } from '../measure/effect.ts'
import type { PendingFile } from '../pending/statement.ts'
import { firstLine } from '../pending/statement.ts'
import type { Step } from '../pending/step.ts'
import type { LiveRelation } from '../production/sizes.ts'
import type { GateFinding, Level } from './finding.ts'
import { saferWay } from './safer.ts'
import { bytesText, rowsText, waitsText, workText } from './words.ts'
import { type Blocking, type JudgedWork, type JudgeSizes, judgeWorks } from './works.ts'

interface JudgeInput extends JudgeSizes {
  readonly files: readonly PendingFile[]
  readonly steps: readonly Step[]
  /** Names of what is dropped and made again: queries that use it wait, and then find the new one. */
  readonly remade?: ReadonlySet<string>
  /** What the releases miss, with the tag of the migration that makes it so. */
  readonly incompatibilities: readonly (Incompatibility & { readonly migration: string })[]
}

/** The findings of each pending migration, by its tag, in the order of its statements. */
export function judgePending(input: JudgeInput): Map<string, GateFinding[]> {
  const { works, blocking } = judgeWorks(input.steps, input, input.remade)
  // Then what breaks the running release for certain breaks it in either order.
  const needsFirst = input.incompatibilities.some(({ release }) => release === 'new')
  return new Map(
    input.files.map(({ migration: { tag }, skipped }) => {
      const isOurs = ({ step }: { readonly step: Step }) => step.statement.migration.tag === tag
      const steps = input.steps.filter((step) => isOurs({ step }))
      const found = [
        ...works.filter(isOurs).map((work) => workFinding(work, works)),
        ...blocking.filter(isOurs).flatMap((each) => blockingFinding(each, works, input.sizes)),
        ...steps.flatMap((step) => problemFindings(step, input.sizes)),
        ...steps.flatMap((step) => emptiedFindings(step, input.sizes)),
      ].toSorted((one, other) => (one.statement?.number ?? 0) - (other.statement?.number ?? 0))
      const incompatible = input.incompatibilities
        .filter(({ migration }) => migration === tag)
        .map((each) => incompatibilityFinding(each, needsFirst))
      return [tag, [...found, ...skippedFinding(skipped), ...incompatible]]
    }),
  )
}

const statementOf = ({ statement: { number, text } }: Step) => ({ number, text: firstLine(text) })

function workFinding(work: JudgedWork, works: readonly JudgedWork[]): GateFinding {
  const { step, effect, code, level, amount, waits } = work
  const isRewrite = (other: JudgedWork) =>
    other.work === 'rewrite' && other.effect.relation.oid === effect.relation.oid
  const isAgain = isRewrite(work) && works.find(isRewrite) !== work
  const safer = level === 'pass' ? undefined : saferWay(work)
  const advice = isAgain
    ? 'it is rewritten before already: several clauses of one ALTER TABLE rewrite it once'
    : safer?.advice
  return {
    level,
    code,
    object: relationName(effect.relation),
    statement: statementOf(step),
    message: workText(work),
    amount,
    waits,
    ...(advice !== undefined && { advice }),
    ...(!isAgain && safer?.saferSql && { saferSql: safer.saferSql }),
  }
}

/** What a statement locks without working on it; its own work says the rest. */
function blockingFinding(
  { step, waits, level, until }: Blocking,
  works: readonly JudgedWork[],
  sizes: ReadonlyMap<string, LiveRelation> | undefined,
): GateFinding[] {
  const own = works.some((work) => work.step === step && relationName(work.effect.relation) === waits.object)
  if (own) return []
  const live = sizes?.get(waits.object)
  const isOther = until && until.step !== step
  const end = !until
    ? 'wait for an instant'
    : isOther
      ? `wait until statement ${until.step.statement.number}${inFile(step, until.step)} is done`
      : 'wait until it is done'
  const isHeld = level === 'pass' && (live?.oldHolders ?? 0) > 0
  return [
    {
      level: isHeld ? 'warn' : level,
      code: 'blocks',
      object: waits.object,
      statement: statementOf(step),
      message: `${waitsText([waits])} ${end}${holdersText(live)}`,
      waits: [waits],
      ...(isOther && level !== 'pass' && { advice: 'deploy one of the two by itself' }),
      ...(isHeld && { advice: 'end these transactions first, or set a lock_timeout and try again later' }),
    },
  ]
}

const inFile = (one: Step, other: Step) =>
  one.statement.migration === other.statement.migration ? '' : ` of ${other.statement.migration.tag}`

function holdersText(live: LiveRelation | undefined): string {
  if (!live || live.holders === 0) return ''
  const who = live.holders === 1 ? '1 session' : `${live.holders} sessions`
  const hold = live.holders === 1 ? 'holds' : 'hold'
  if (live.oldHolders > 0)
    return `; it waits for ${live.oldHolders} of ${who} that ${hold} a lock on it, in transactions older than 10 s, and everything behind it waits too`
  return live.hiddenHolders > 0
    ? `; ${who} ${hold} a lock on it now, their age is hidden`
    : `; ${who} ${hold} a lock on it now`
}

function problemFindings(step: Step, sizes: ReadonlyMap<string, LiveRelation> | undefined): GateFinding[] {
  const statement = statementOf(step)
  const object = step.statement.migration.tag
  const problems = step.problems.map((problem): GateFinding => {
    if (problem.kind === 'not_measured')
      return {
        level: 'warn',
        code: 'not_measured',
        object,
        statement,
        message: `is not measured: ${problem.reason}`,
      }
    const advice =
      problem.kind === 'not_in_transaction'
        ? 'run it by itself before the deploy, outside of the migrations'
        : adviceFor(problem.message)
    return {
      level: 'fail',
      code: problem.kind,
      object,
      statement,
      message:
        problem.kind === 'fails'
          ? `fails: ${problem.message}`
          : `cannot run in Drizzle's transaction: ${problem.message}`,
      ...(advice !== undefined && { advice }),
    }
  })
  const required = step.requiredColumns.flatMap(({ relation, column }): GateFinding[] => {
    const live = sizes?.get(relationName(relation))
    if (live && live.heapBytes === 0) return []
    const level: Level = live?.rows !== undefined && live.rows > 0 ? 'fail' : 'warn'
    return [
      {
        level,
        code: 'fails',
        object: `${relationName(relation)}.${column}`,
        statement,
        message: `fails${level === 'fail' ? '' : ' when the table has a row'}: ${relationName(relation)}.${column} is NOT NULL without a default, and the table has ${live ? bytesText(live.heapBytes) : 'an unknown number'} of rows`,
        advice: 'add it with a default, or without NOT NULL, fill it, and make it NOT NULL later',
      },
    ]
  })
  return [...problems, ...required]
}

/** TRUNCATE is fast, so its time says nothing about how many rows are lost. */
function emptiedFindings(step: Step, sizes: ReadonlyMap<string, LiveRelation> | undefined): GateFinding[] {
  return step.effects.flatMap(({ relation, emptied }): GateFinding[] => {
    const live = sizes?.get(relationName(relation))
    if (!emptied || live?.heapBytes === 0) return []
    const lost = live?.rows === undefined ? 'its rows' : rowsText(live.rows)
    return [
      {
        level: 'warn',
        code: 'breaks_running_release',
        object: relationName(relation),
        statement: statementOf(step),
        message: `the running release may break: ${relationName(relation)} is emptied, and loses ${lost}`,
      },
    ]
  })
}

const adviceFor = (message: string) =>
  /^unsafe use of new value/.test(message)
    ? 'put the statement that uses the new value into a later deploy: all pending migrations run in one transaction'
    : undefined

function skippedFinding(skipped: number): GateFinding[] {
  if (skipped === 0) return []
  const message = `${skipped} statement${skipped === 1 ? ' is' : 's are'} not measured: --skip leaves ${skipped === 1 ? 'it' : 'them'} out`
  return [{ level: 'warn', code: 'not_measured', object: '--skip', message }]
}

function incompatibilityFinding(
  { release, isCertain, object, what }: Incompatibility,
  needsFirst: boolean,
): GateFinding {
  if (release === 'new')
    return {
      level: 'pass',
      code: 'needs_first',
      object,
      message: `the new release needs it first: ${object} ${what}`,
    }
  const certain = needsFirst
    ? 'neither order works without a gap: deploy the additions first, and remove in a later deploy'
    : 'deploy the release that does not use it first, and migrate in a later deploy'
  return {
    level: isCertain ? 'fail' : 'warn',
    code: 'breaks_running_release',
    object,
    message: `the running release ${isCertain ? 'breaks' : 'may break'}: ${object} ${what}`,
    ...(isCertain && { advice: certain }),
  }
}
