import type { Incompatibility } from '../../../src/gate/compatibility/compare.ts'
import { judgePending } from '../../../src/gate/judge/judge.ts'
import { defaultFailAt, defaultWarnAt } from '../../../src/gate/judge/thresholds.ts'
import type { Effect } from '../../../src/gate/measure/effect.ts'
import type { Problem, Step } from '../../../src/gate/pending/step.ts'
import type { LiveRelation } from '../../../src/gate/production/sizes.ts'

const newMigration = (tag: string) => ({
  tag,
  when: 1,
  name: undefined,
  file: `${tag}.sql`,
  sql: '',
  hash: '',
})
const migrations = new Map(['one', 'two'].map((tag) => [tag, newMigration(tag)]))
const migrationOf = (tag: string) => migrations.get(tag) ?? newMigration(tag)

export function effect(more: Partial<Effect> = {}, name = 'orders'): Effect {
  return {
    relation: { oid: name, schema: 'public', name, kind: 'table' },
    locks: [],
    locksIndex: false,
    dropped: false,
    rewritten: false,
    emptied: false,
    scanned: false,
    indexesBuilt: 0,
    changesRows: false,
    ...more,
  }
}

interface StepWords {
  text?: string
  tag?: string
  transaction?: number
  problems?: Problem[]
  required?: string[]
}

export function stepsOf(...list: [effects: Effect[], more?: StepWords][]): Step[] {
  return list.map(([effects, more = {}], index) => ({
    statement: {
      migration: migrationOf(more.tag ?? 'one'),
      number: index + 1,
      part: 0,
      ofPart: 1,
      text: more.text ?? `alter table s${index + 1}`,
    },
    transaction: more.transaction ?? 1,
    effects,
    problems: more.problems ?? [],
    requiredColumns: (more.required ?? []).map((column) => ({ relation: effect().relation, column })),
  }))
}

export const live = (more: Partial<LiveRelation> = {}): LiveRelation => ({
  name: 'public.orders',
  rows: 1000,
  heapBytes: 8192,
  toastBytes: 0,
  indexBytes: 0,
  indexes: 1,
  reads: 0,
  writes: 0,
  holders: 0,
  oldHolders: 0,
  hiddenHolders: 0,
  ...more,
})

export interface Around {
  sizes?: readonly LiveRelation[] | 'not asked' | undefined
  incompatibilities?: readonly (Incompatibility & { migration: string })[]
  tags?: readonly string[]
  skipped?: number
}

export function judged(
  steps: Step[],
  { sizes = [live()], incompatibilities = [], tags = ['one'], skipped = 0 }: Around = {},
) {
  return judgePending({
    files: tags.map((tag) => ({ migration: migrationOf(tag), statements: [], skipped })),
    steps,
    incompatibilities,
    sizes: sizes === 'not asked' ? undefined : new Map(sizes.map((each) => [each.name, each])),
    warnAt: defaultWarnAt,
    failAt: defaultFailAt,
  })
}
export const findings = (steps: Step[], around?: Around) => judged(steps, around).get('one') ?? []
export const levels = (steps: Step[], around?: Around) =>
  findings(steps, around).map(({ level, code, object }) => `${level} ${code} ${object}`)

export const exclusive = { locks: ['AccessExclusiveLock'] } as const
export const share = { locks: ['ShareLock'] } as const
